import type { RemarkAuthor, RemarkMark, RemarkTarget, RepositoryPermission } from '../conversation.ts'
import type { ForgeCall, RefusedAnswer } from '../http/call.ts'
import type { MergeRequestTarget } from '../port.ts'

/** What differs between forges where people talk. */
export interface ConversationDialect {
  readonly calls: ConversationCalls
  /** The forge's words for our marks. */
  readonly marks: Readonly<Record<RemarkMark, string>>
  /** Whether its list of reactions has pages. */
  readonly pagesReactions: boolean
  /** Whether a reaction counts as a change of its comment, so that the time of a change tells little. */
  readonly reactionsChangeComments: boolean
  /** Why our token may not ask what others may do, and the way out, in words; null: a refusal like any other. */
  readRefusedPermission(answer: RefusedAnswer): string | null
}

/** Each about something that may be missing expects a 404. */
export interface ConversationCalls {
  remarks(target: MergeRequestTarget): ForgeCall<PostedRemark[]>
  /** Null: nobody reacted, in the words of some versions. */
  reactions(target: RemarkTarget): ForgeCall<PostedReaction[] | null>
  addReaction(target: RemarkTarget, word: string): ForgeCall<unknown>
  removeReaction(target: RemarkTarget, reaction: PostedReaction): ForgeCall<unknown>
  /** The ids of those who have this login; null: the login is enough to ask for a permission. */
  usersCalled: ((login: string) => ForgeCall<number[]>) | null
  permission(repository: string, user: RemarkAuthor): ForgeCall<PostedPermission>
}

export interface PostedRemark {
  readonly id: number
  /** Null: the forge's own note, an account that is gone, or one that is not of this forge. */
  readonly author: RemarkAuthor | null
  readonly body: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface PostedReaction {
  readonly id: number
  /** Null: an account that is gone. */
  readonly login: string | null
  /** The forge's word for it, for example `eyes`. */
  readonly word: string
  readonly createdAt: Date
}

export interface PostedPermission {
  readonly permission: RepositoryPermission
  /** Whom the answer is about; null where the forge does not say. */
  readonly userId: number | null
}
