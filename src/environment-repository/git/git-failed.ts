export interface GitFailure {
  readonly verb: string
  readonly code: number | null
  readonly signal: string | null
  readonly timedOut: boolean
  /** What git wrote to stderr, without secrets. */
  readonly words: string
  /** The beginning of what it wrote to stdout, without secrets. */
  readonly output: string
}

/** Git ended badly. Stays inside this room: `judgeFailure` says what it means. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed'
  readonly failure: GitFailure

  constructor(failure: GitFailure) {
    super(`git ${failure.verb} ${ending(failure)}: ${failure.words.trim().slice(0, 500)}`)
    this.failure = failure
  }
}

function ending({ timedOut, code, signal }: GitFailure): string {
  if (timedOut) return 'took too long'
  return code === null ? `was ended by ${signal ?? 'a signal'}` : `failed with code ${code}`
}
