import { GitError } from './git-error.ts'
import { authorizationHeader, type GitCredentials, gitEnvironment } from './git-environment.ts'
import { classifyGitError } from './classify-git-error.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import { type GitResult, runGit } from './run-git.ts'

/**
 * Every fetch: the one thing asked for, and nothing beside it. Not quiet: the runner's library waits 50 ms for late output of a command
 * that printed nothing, and a fetch is what a writer who lost a race waits for.
 */
export const fetchWords = [
  'fetch',
  '--verbose',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
] as const

/** Git, bound to one repository's address and to nobody else's configuration. */
export interface Git {
  /** Works on the clone alone and knows no credentials. */
  local(directory: string, args: readonly string[], extra?: GitExtra): Promise<GitResult>
  /** Talks to the server, with fresh credentials; a 401 asks for new ones once. */
  remote(directory: string | null, args: readonly string[], extra?: GitExtra): Promise<GitResult>
}

export interface GitExtra {
  readonly input?: string | Uint8Array
  readonly settings?: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  readonly accept?: readonly number[]
}

type GitOptions = Pick<
  GitEnvironmentRepositoryOptions,
  'url' | 'credentials' | 'sshKey' | 'environment' | 'authorities' | 'gitTimeoutMs'
>

export function createGit(options: GitOptions): Git {
  return { local, remote }

  function local(directory: string, args: readonly string[], extra: GitExtra = {}): Promise<GitResult> {
    return run(directory, args, extra, null)
  }

  async function remote(
    directory: string | null,
    args: readonly string[],
    extra: GitExtra = {},
  ): Promise<GitResult> {
    const credentials = await options.credentials(null)
    try {
      return await run(directory, args, extra, credentials)
    } catch (error) {
      if (!(error instanceof GitError) || classifyGitError(error.failure) !== 'unauthorised') throw error
      return await run(directory, args, extra, await options.credentials(credentials))
    }
  }

  function run(
    directory: string | null,
    args: readonly string[],
    { settings = {}, variables = {}, ...rest }: GitExtra,
    credentials: GitCredentials | null,
  ): Promise<GitResult> {
    const { url, sshKey, authorities = null, environment: base, gitTimeoutMs: timeoutMs = 120_000 } = options
    return runGit({
      ...rest,
      args,
      environment: {
        ...gitEnvironment({ base, url, credentials, sshKey, authorities, timeoutMs, settings }),
        ...variables,
        ...(directory === null ? {} : { GIT_DIR: directory }),
      },
      timeoutMs,
      secrets: secretsOf(credentials),
    })
  }
}

function secretsOf(credentials: GitCredentials | null): string[] {
  if (credentials === null) return []
  return [credentials.token, authorizationHeader(credentials).split(' ').at(-1) ?? '']
}
