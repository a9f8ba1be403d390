import type { CommitSha } from '../../preview/brand.ts'
import type {
  SandboxCheck,
  SandboxComment,
  SandboxMergeRequest,
  SandboxRepository,
  SandboxUser,
} from './state.ts'

/** Something that was done to a merge request, in no forge's words; the state already holds it. */
export type ForgeEvent = Happening & {
  readonly repository: SandboxRepository
  readonly mergeRequest: SandboxMergeRequest
  /** Who did it. */
  readonly actor: SandboxUser
}

/** Something was said of a commit. */
export interface CheckEvent {
  readonly kind: 'checked'
  readonly repository: SandboxRepository
  readonly check: SandboxCheck
  readonly actor: SandboxUser
}

export type Happening =
  | { readonly kind: 'opened' | 'closed' | 'merged' | 'reopened' }
  | { readonly kind: 'pushed'; readonly before: CommitSha }
  | { readonly kind: 'edited'; readonly before: BeforeEdit }
  | { readonly kind: 'labelled'; readonly added: readonly string[]; readonly removed: readonly string[] }
  | CommentHappening

export interface CommentHappening {
  readonly kind: 'commented' | 'comment edited' | 'comment deleted'
  readonly comment: SandboxComment
  /** The text before an edit; null otherwise. */
  readonly before: string | null
}

/** What an edit changed, as it was before; null: as it is now. */
export interface BeforeEdit {
  readonly title: string | null
  readonly targetBranch: string | null
  /** Only where a draft is a field of its own. */
  readonly draft: boolean | null
}
