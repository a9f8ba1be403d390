import type { CommitSha } from './brand.ts'

/** A merge request as a forge answered it just now, in our words. */
export interface MergeRequest {
  readonly number: number
  readonly state: 'open' | 'merged' | 'closed'
  /** When it was opened first; null: the forge does not say. */
  readonly openedAt: Date | null
  readonly title: string
  readonly author: Author
  /** The source branch, without `refs/heads/`. Untrusted text. */
  readonly branch: string
  readonly targetBranch: string
  /** The newest commit of the source branch. */
  readonly sha: CommitSha
  readonly labels: readonly string[]
  /** Whether the forge takes `Preview` and `preview` for the same label. */
  readonly labelsIgnoreCase: boolean
  readonly draft: boolean
  /** Whether the source is another repository; null when the forge does not say, as for one that is gone. */
  readonly fork: boolean | null
  /** Where its source branch can be fetched from; absent where the forge does not say. */
  readonly sourceCloneUrl?: string
  /** The page of the merge request on the forge. */
  readonly url: string
  readonly repository: Repository
}

export interface Author {
  readonly login: string
  /** Display name; the login where the forge gives none. */
  readonly name: string
  /** The forge's no-reply address of this author, for commits. */
  readonly email: string
  /** True where the forge says that it is no person. */
  readonly bot: boolean
}

export interface Repository {
  /** The forge's own numeric id as text: survives renames and transfers. */
  readonly id: string
  /** Today's `owner/name` (GitLab: with subgroups); differs from the configured one after a rename. */
  readonly fullName: string
  readonly cloneUrl: string
  /** Whether anybody may read it; absent where the forge does not say. */
  readonly isPublic?: boolean
}

/**
 * What a successful read of one merge request says. `gone`: the forge answered that it does not exist while its
 * repository answers. Everything else (no answer, no access, an odd answer) is an error and decides nothing.
 */
export type MergeRequestReading =
  | { readonly kind: 'found'; readonly mergeRequest: MergeRequest }
  | { readonly kind: 'gone'; readonly repository: Repository }

/** What an event said of its merge request. It decides nothing (law 1): it is only held against what the forge answers. */
export interface EventClaim {
  /** The newest commit; null: not told. */
  readonly sha: string | null
  /** Null: not told. */
  readonly state: 'open' | 'ended' | null
}
