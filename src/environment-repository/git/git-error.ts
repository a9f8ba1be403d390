import { GitError as LibraryError } from 'simple-git'

export interface GitFailure {
  readonly verb: string
  readonly code: number | null
  readonly timedOut: boolean
  /** What git wrote to stderr, without secrets. */
  readonly stderr: string
  /** The beginning of what it wrote to stdout, without secrets. */
  readonly stdout: string
}

/** Git ended badly. Stays inside this room: `classifyGitError` says what it means. simple-git flattens other errors to their text. */
export class GitError extends LibraryError {
  override readonly name = 'GitError'
  readonly failure: GitFailure

  constructor(failure: GitFailure) {
    super(undefined, `git ${failure.verb} ${ending(failure)}: ${failure.stderr.trim().slice(0, 500)}`)
    this.failure = failure
  }
}

function ending({ timedOut, code }: GitFailure): string {
  if (timedOut) return 'took too long'
  return code === null ? 'was ended by a signal' : `failed with code ${code}`
}
