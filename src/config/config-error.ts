/** One thing that is wrong in the configuration, or may be (a warning). Never holds a secret's value. */
export interface Problem {
  /** For example `applications[0].forge`; empty for the whole file. */
  readonly path: string
  /** What is wrong there. */
  readonly message: string
  /** The way out. */
  readonly hint: string
  /** Counted from 1; absent where the file has no such place. */
  readonly line?: number
}

/** The configuration cannot be used; `message` is a printable report of all its problems, in order of line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super(
      [`${file} has ${count}:`, ...problems.map((problem) => `  ${formatProblem(file, problem)}`)].join('\n'),
    )
    this.problems = problems
  }
}

/** One line, for example ``mayfly.yaml:12: applications[0].forge: there is no forge `githib`; did you mean `github`?`` */
function formatProblem(file: string, { path, message, hint, line }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`
  return [place, ...(path === '' ? [] : [path]), `${message}; ${hint}`].join(': ')
}
