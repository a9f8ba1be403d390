import debug from 'debug'
import { type SimpleGit, simpleGit } from 'simple-git'
import { Stalled } from '../../preview/errors.ts'
import { GitError } from './git-error.ts'

export interface GitCall {
  /** Constant words, `--` before values; nothing that comes from a forge. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly input?: string | Uint8Array
  readonly timeoutMs: number
  /** Values that must not show in an error. */
  readonly secrets?: readonly string[]
  /** Exit codes that are answers rather than failures; 0 always is. */
  readonly accept?: readonly number[]
}

export interface GitResult {
  readonly code: number
  readonly stdout: Buffer
}

const stderrLimit = 16 * 1024

// With DEBUG=simple-git* the library prints the environment of each call, the credential with it.
debug.enable(`${debug.disable()},-simple-git*`)

/** The guards of the library that our own fence takes down: each is set by `gitEnvironment` to a value of ours. */
const unsafe = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeHooksPath: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
}

/** Runs git once. Throws `GitError` for any exit code that is not accepted and when time is up, `Stalled` without a git. */
export async function runGit(call: GitCall): Promise<GitResult> {
  const ended = { code: 0 }
  const stdout: Buffer[] = []
  const git = createRunner(call, ended)
  git.outputHandler((_command, output) => {
    output.on('data', (chunk: Buffer) => stdout.push(chunk))
  })
  try {
    await git.raw([...call.args])
  } catch (error) {
    if (error instanceof GitError && /\bspawn git ENOENT\b/.test(error.failure.stderr)) throw noGit(error)
    throw error
  }
  return { code: ended.code, stdout: Buffer.concat(stdout) }
}

/** A runner for one call: what it may know of the world is `environment` alone. */
function createRunner(call: GitCall, ended: { code: number }): SimpleGit {
  const { environment, input = '', timeoutMs } = call
  // Empty bytes, unlike an empty text, are written: they end stdin.
  const bytes = Buffer.from(typeof input === 'string' ? Buffer.from(input) : input)
  const late = AbortSignal.timeout(timeoutMs)
  return simpleGit({
    abort: late,
    allowEnvironment: Object.keys(environment),
    errors: (_judged, { exitCode, stdErr, stdOut }) => {
      ended.code = exitCode
      // Only the exit code decides: by itself the library takes 1 with a silent stderr, or an end by a signal, for success.
      if (!late.aborted && [0, ...(call.accept ?? [])].includes(exitCode)) return undefined
      const clean = (chunks: readonly Buffer[]): string =>
        redact(Buffer.concat(chunks).subarray(0, stderrLimit).toString(), call.secrets ?? [])
      const code = typeof exitCode === 'number' && exitCode >= 0 ? exitCode : null
      const facts = { verb: verbOf(call.args), code, timedOut: late.aborted }
      return new GitError({ ...facts, stderr: clean(stdErr), stdout: clean(stdOut) })
    },
    input: () => bytes,
    maxConcurrentProcesses: 1,
    trimmed: false,
    unsafe,
  }).env({ ...environment })
}

function noGit(cause: unknown): Stalled {
  return new Stalled('git was not found: install git 2.39 or newer, or put it on the PATH', { cause })
}

function verbOf(args: readonly string[]): string {
  return args.find((arg) => /^[a-z][a-z-]*$/.test(arg)) ?? 'git'
}

/** Takes known secrets, passwords in URLs and authorization headers out of a text that people will read. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[secret]')
  return clean
    .replace(/:\/\/[^/\s@]*@/g, '://[secret]@')
    .replace(/(authorization:\s*\w+\s+)\S+/gi, '$1[secret]')
}
