import type { CommitSha } from '../../preview/brand.ts'
import type { MergeRequest, Repository } from '../../preview/merge-request.ts'
import type { Paging } from '../http/all-pages.ts'
import type { ForgeCall, ForgeHttp, RefusedAnswer } from '../http/call.ts'
import type { CommitStatus, MergeRequestTarget } from '../port.ts'
import type { ChecksDialect } from './checks-dialect.ts'
import type { ConversationDialect } from './conversation-dialect.ts'

/** What differs between forges with a REST API: their questions, and the shapes of their answers, in our words. */
export interface RestDialect {
  /** The forge's name in the configuration. */
  readonly name: string
  readonly http: ForgeHttp
  readonly calls: RestCalls
  readonly checks: ChecksDialect
  readonly conversation: ConversationDialect
  /** How such a list is cut into pages. */
  paging<T>(idOf: (item: T) => number | string, list: ForgeList): Paging<T>
  /** The most changed files of one merge request that it lists, or should be troubled for. */
  readonly mostFiles: number
  /** What it means that a status was refused; null: a refusal like any other. */
  readRefusedStatus(answer: RefusedAnswer): 'unchanged' | 'skipped' | null
}

export type ForgeList = 'merge requests' | 'changed files' | 'comments' | 'statuses' | 'checks' | 'reactions'

/** Every question Mayfly asks. Those about something that may be missing expect a 404. */
export interface RestCalls {
  /** The login under which our comments stand. */
  me(): ForgeCall<string>
  repository(repository: string): ForgeCall<Repository>
  mergeRequest(target: MergeRequestTarget): ForgeCall<ReadMergeRequest>
  openMergeRequests(repository: string): ForgeCall<number[]>
  changedFiles(target: MergeRequestTarget): ForgeCall<ChangedFile[]>
  comments(target: MergeRequestTarget): ForgeCall<PostedComment[]>
  createComment(target: MergeRequestTarget, body: string): ForgeCall<unknown>
  editComment(target: MergeRequestTarget, comment: number, body: string): ForgeCall<unknown>
  deleteComment(target: MergeRequestTarget, comment: number): ForgeCall<undefined>
  /** Those of one context at least. */
  statuses(repository: string, sha: CommitSha, context: string): ForgeCall<PostedStatus[]>
  /** `newest`: what this context says so far. */
  createStatus(
    repository: string,
    sha: CommitSha,
    status: CommitStatus,
    newest: PostedStatus | null,
  ): ForgeCall<unknown>
}

export interface ReadMergeRequest {
  readonly mergeRequest: MergeRequest
  /** Whether its conversation takes no more comments. */
  readonly locked: boolean
  /**
   * How many files it changes; null where the forge does not count them, `many` where it stopped counting, `not yet` while
   * it still looks.
   */
  readonly changedFiles: number | 'many' | 'not yet' | null
}

export interface ChangedFile {
  readonly path: string
  /** The name before; null when it was not renamed. */
  readonly formerPath: string | null
}

export interface PostedComment {
  readonly id: number
  /** Null: the forge's own note, or a user that is gone. */
  readonly author: string | null
  readonly body: string
}

export interface PostedStatus {
  /** Grows from status to status. */
  readonly id: number
  readonly context: string
  /** One of ours, or what else the forge knows. */
  readonly state: string
  readonly description: string
  readonly targetUrl: string
}
