import { type ChildProcess, spawn } from 'node:child_process'
import { Stalled } from '../../preview/errors.ts'
import { GitFailed } from './git-failed.ts'
import { redact } from './redact.ts'

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

export interface GitAnswer {
  readonly code: number
  readonly stdout: Buffer
}

const stderrLimit = 16 * 1024

/** Runs git once. Throws `GitFailed` for any exit code that is not accepted and when time is up, `Stalled` without a git. */
export function runGit(call: GitCall): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    // Its own process group, so that git's helpers end with it.
    const child = spawn('git', call.args, { env: call.environment, detached: true, stdio: 'pipe' })
    const stdout: Buffer[] = []
    let stderr = ''
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(child)
    }, call.timeoutMs)
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < stderrLimit) stderr += chunk.toString()
    })
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(startFailure(error))
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      const bytes = Buffer.concat(stdout)
      if (!timedOut && code !== null && [0, ...(call.accept ?? [])].includes(code)) {
        resolve({ code, stdout: bytes })
        return
      }
      const words = redact(stderr, call.secrets ?? [])
      const output = redact(bytes.subarray(0, stderrLimit).toString(), call.secrets ?? [])
      reject(new GitFailed({ verb: verbOf(call.args), code, signal, timedOut, words, output }))
    })
    // Git may end before it has read everything; its exit code tells why.
    child.stdin.on('error', () => undefined)
    child.stdin.end(call.input ?? '')
  })
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

function startFailure(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error
  return new Stalled('git was not found: install git 2.39 or newer, or put it on the PATH', { cause: error })
}

function verbOf(args: readonly string[]): string {
  return args.find((arg) => /^[a-z][a-z-]*$/.test(arg)) ?? 'git'
}
