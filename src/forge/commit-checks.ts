import type { CommitSha } from '../preview/brand.ts'

/** What CI says of commits. Throws `RetryLater` and `Stalled` as `Forge` does. */
export interface CommitChecks {
  /**
   * The newest word about a commit for each of `names`, in their order; never "all checks", as our own status is one of
   * them. Every page is read. A commit that its repository does not have is one about which nothing is said.
   *
   * A name is compared as a whole and with its case. On GitHub it is the context of a status or the name of a check run
   * (of a job, for Actions); where it is both, the worse word counts. On GitLab it is the name of a job, or `pipeline`:
   * the newest pipeline of that very commit, our own statuses in it left out. On Gitea and Forgejo it is the whole
   * context, which for Actions is `CI / build (pull_request)`.
   */
  readChecks(repository: string, sha: CommitSha, names: readonly string[]): Promise<readonly CheckReading[]>
}

export interface CheckReading {
  readonly name: string
  /** `missing`: nothing of that name is there (yet). */
  readonly state: CheckState | 'missing'
  /** One plain line of the forge about it, or null. */
  readonly description: string | null
  /** Where a person reads more: http or https; null: nowhere. */
  readonly url: string | null
}

export type CheckState = 'passed' | 'failed' | 'pending'
