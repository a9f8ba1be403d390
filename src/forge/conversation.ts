/** What people say on a merge request and what they may do there. Throws `RetryLater` and `Stalled` as `Forge` does. */
export interface Conversation {
  /**
   * Every comment on a merge request that is not ours, oldest first, every page read. Left out: notes of the forge itself,
   * and what nobody of today can answer for: comments of accounts that are gone, and of a former life on another forge.
   */
  listRemarks(repository: string, number: number): Promise<readonly Remark[]>

  /** Our own reaction on a remark, which is state in the forge; null: none, or the remark is gone. The last word counts where there are two. */
  readMark(target: RemarkTarget): Promise<RemarkMark | null>

  /** Sets it, and takes other marks of ours away where the forge keeps several. Idempotent; nothing where the remark is gone. */
  setMark(target: RemarkTarget, mark: RemarkMark): Promise<void>

  /**
   * One new comment of ours, to deny or explain; nothing where the conversation takes none. `body` begins with a marker line
   * of its own, so that it is never taken for the sticky comment.
   */
  reply(repository: string, number: number, body: string): Promise<void>

  /** What a user may do on the repository today, inherited rights included. */
  readPermission(repository: string, user: RemarkAuthor): Promise<PermissionReading>
}

export interface RemarkTarget {
  readonly repository: string
  /** Of the merge request. */
  readonly number: number
  /** Its id. */
  readonly remark: number
}

export interface Remark {
  readonly id: number
  readonly author: RemarkAuthor
  /** As it was written: anybody's text. */
  readonly body: string
  readonly createdAt: Date
  /**
   * Changed after it was written. True where a forge cannot tell a change from other activity; but where reactions count as
   * changes, the newest one hides what was changed before it.
   */
  readonly edited: boolean
}

export interface RemarkAuthor {
  /** The forge's own; null: only the login is known, as of the author of a merge request. */
  readonly id: number | null
  readonly login: string
  readonly bot: boolean
}

/** `seen`: eyes. `done`: a rocket. `refused`: a thumb down. */
export type RemarkMark = 'seen' | 'done' | 'refused'

/** `unknown`: our token may not ask; `why` has words about the way out. */
export type PermissionReading =
  | { readonly kind: 'known'; readonly permission: RepositoryPermission }
  | { readonly kind: 'unknown'; readonly why: string }

export type RepositoryPermission = 'write' | 'read' | 'none'
