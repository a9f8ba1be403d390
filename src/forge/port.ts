import type { CommitSha } from '../preview/brand.ts'
import type { MergeRequestReading, Repository } from '../preview/merge-request.ts'

/**
 * One forge, for example github.com or a Gitea. Every member throws `RetryLater` when the forge did not answer, answered
 * oddly or asks to slow down, and `Stalled` when it refuses this token (401, 403, or 404 on the repository itself).
 */
export interface Forge {
  /** Reads one merge request fresh. `gone` only when it does not exist while its repository answers. */
  readMergeRequest(repository: string, number: number): Promise<MergeRequestReading>

  /** All open merge requests of a repository, every page read. Throws rather than giving a part. */
  listOpenMergeRequests(repository: string): Promise<OpenMergeRequests>

  /**
   * Every path that a merge request changes, former names of renamed files included, sorted and each once. Throws rather
   * than giving a part; `Stalled`, naming the number, when there are more than this forge lists.
   */
  listChangedFiles(repository: string, number: number): Promise<readonly string[]>

  /**
   * Makes our sticky comment say `body`: found by `marker` (its first line) and our own author across all pages;
   * edited only when the text differs; younger duplicates of ours are removed. Writes once at most, so that whoever
   * asks keeps the pace: `unfinished` means that more is to be written, and to ask again.
   */
  publishComment(target: MergeRequestTarget, comment: StickyComment): Promise<CommentResult>

  /** Sets the commit status `context` of `sha`, unless the newest one of that context already says the same. */
  publishStatus(
    repository: string,
    sha: CommitSha,
    status: CommitStatus,
    before: StatusBefore,
  ): Promise<StatusResult>
}

export interface OpenMergeRequests {
  readonly repository: Repository
  readonly numbers: readonly number[]
}

export interface MergeRequestTarget {
  readonly repository: string
  readonly number: number
}

export interface StickyComment {
  /** For example `<!-- mayfly:default -->`; `body` begins with it. */
  readonly marker: string
  readonly body: string
  /** `skip`: only edit a comment that is there, never write a new one. */
  readonly whenMissing: 'create' | 'skip'
  /** A comment that holds this line says the same already, if in other words, and is left as it is. Null: no line does. */
  readonly settledBy: string | null
}

/**
 * `created`, `edited` and `unfinished`: one write was made. `unchanged`, `skipped` and `locked`: none. `locked`: the
 * conversation takes no comments; not an error of the preview.
 */
export type CommentResult = 'created' | 'edited' | 'unfinished' | 'unchanged' | 'skipped' | 'locked'

/**
 * Whether one of ours may be there: `none` where Mayfly has not said a word yet, so that nobody has to be asked. `blocking`: write only in
 * the place of one that is no success.
 */
export type StatusBefore = 'ask' | 'none' | 'blocking'

/** `skipped`: the repository no longer has this commit. */
export type StatusResult = 'set' | 'unchanged' | 'skipped'

export interface CommitStatus {
  /** For example `mayfly/shop`. */
  readonly context: string
  readonly state: 'pending' | 'success' | 'failure'
  /** One line, at most 140 characters. */
  readonly description: string
  /** Where a click leads; null: nowhere. */
  readonly targetUrl: string | null
}
