import type { Clock, Random } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import type { Fetch } from '../../network/create-fetch.ts'
import type { Layout } from '../manifest-path.ts'
import type { Edit } from '../port.ts'
import type { GitCredentials } from './git-environment.ts'

export interface GitEnvironmentRepositoryOptions {
  /** https, http, ssh or file; without a password in it. */
  readonly url: string
  readonly branch: string
  /** Where manifests stand, without slashes at the ends; at least one folder deep. */
  readonly directory: string
  readonly layout: Layout
  /** Where templates stand, without slashes at the ends. */
  readonly templates: string
  /**
   * Asked before every call of the server, so that short-lived tokens stay fresh, and once more with those that the
   * server refused; null: none are needed.
   */
  readonly credentials: (refused: GitCredentials | null) => Promise<GitCredentials | null>
  /** Path of a private key for ssh; null: the ssh agent. */
  readonly sshKey: string | null
  /** Makes a missing branch instead of asking for it. */
  readonly createBranch: boolean
  /** Files of a branch that is made here, such as starter templates; README and inert object come by themselves. */
  readonly seed: readonly Edit[]
  /** Namespace of the inert object: one that exists and that the agent's root may write to. */
  readonly agentNamespace: string
  /** Whether ends are carried out while `mayfly.pause` is on the branch. */
  readonly removalsWhilePaused: boolean
  readonly committer: { readonly name: string; readonly email: string }
  readonly pushes: { readonly perMinute: number; readonly burst: number }
  /** For the clone; may be lost at any time. */
  readonly cacheDirectory: string
  /** `PATH`, `HOME`, proxies, `SSH_AUTH_SOCK` and the like for git; what git does not need is left out. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The way to the server, for what git does not tell. */
  readonly fetch: Fetch
  /** A file of all authorities that are trusted, for git; null or absent: its own. */
  readonly authorities?: string | null
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onPush?: (push: PushMeasure) => void
  /** How long a change is pushed again while others are faster, in ms; default one minute. */
  readonly pushDeadlineMs?: number
  /** After so many pushes and fetches the clone is made anew in a quiet moment; default 200. */
  readonly packLimit?: number
  /** After this long one git process is ended, in ms; default two minutes. */
  readonly gitTimeoutMs?: number
}

export interface PushMeasure {
  readonly result: 'pushed' | 'moved' | 'refused' | 'unknown' | 'failed'
  readonly changes: number
  readonly ms: number
}
