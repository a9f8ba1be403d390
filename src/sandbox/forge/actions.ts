import type { CommitSha } from '../../preview/brand.ts'
import type { CheckEvent, ForgeEvent } from './forge-event.ts'
import type {
  ForgeState,
  SandboxCheck,
  SandboxComment,
  SandboxMergeRequest,
  SandboxPermission,
  SandboxReaction,
  SandboxRepository,
  SandboxRight,
  SandboxUser,
} from './state.ts'

/** What people do on the forge. Each member throws RangeError when what it names does not exist. */
export interface ForgeActions {
  createRepository(fullName: string): SandboxRepository
  openMergeRequest(repository: string, options: OpenWish): SandboxMergeRequest
  /** Gives the new commit. */
  push(repository: string, number: number, sha?: string): CommitSha
  setState(repository: string, number: number, state: SandboxMergeRequest['state']): void
  edit(repository: string, number: number, change: EditWish): void
  /** Sets the field, or the prefix of the title, whichever this kind of forge has. */
  setDraft(repository: string, number: number, draft: boolean): void
  label(repository: string, number: number, labels: readonly string[]): void
  /** As on a real Gitea no event of the merge request tells of it: a push or the sweep does. */
  renameBranch(repository: string, number: number, branch: string): void
  renameRepository(repository: string, fullName: string): void
  /** From now on the user may do this and nothing else; no event tells of it. */
  grant(repository: string, login: string, rights: readonly SandboxRight[]): void
  /** What the forge tells of a user from now on; their token may what it might before. */
  permit(repository: string, login: string, permission: SandboxPermission): void
  comment(repository: string, number: number, author: SandboxUser, body: string): SandboxComment
  editComment(repository: string, comment: number, author: SandboxUser, body: string): SandboxComment
  deleteComment(repository: string, comment: number, author: SandboxUser): void
  /** Says something of a commit that the forge may or may not have, as a CI does. */
  setCheck(repository: string, sha: string, wish: CheckWish): void
  /** Once for each word; `word` is the forge's own. */
  react(repository: string, comment: number, user: SandboxUser, word: string): SandboxReaction
  unreact(repository: string, comment: number, user: SandboxUser, word: string): void
}

export interface ActionContext {
  readonly state: ForgeState
  readonly drafts: Drafts
  /** Called after the state has changed. */
  readonly emit: (event: ForgeEvent | CheckEvent) => void
}

export interface OpenWish {
  readonly branch: string
  readonly author: SandboxUser
  readonly title?: string
  readonly body?: string
  readonly targetBranch?: string
  readonly sha?: string
  readonly labels?: readonly string[]
  /** What it changes; left out: one file. */
  readonly files?: SandboxMergeRequest['files']
  readonly source?: SandboxMergeRequest['source']
}

export interface CheckWish {
  readonly name: string
  /** In the forge's own words, for example `success`. */
  readonly state: string
  /** Left out: a status, which on a GitLab is a job. */
  readonly kind?: SandboxCheck['kind']
  readonly description?: string
  readonly url?: string
  readonly allowFailure?: boolean
}

export interface EditWish {
  readonly title?: string
  readonly targetBranch?: string
}

/** How a draft is marked. */
export type Drafts = { readonly kind: 'field' } | { readonly kind: 'title'; readonly prefix: string }
