import type { CommitSha } from '../preview/brand.ts'
import type { Author } from '../preview/merge-request.ts'
import type { BreakerMemory } from './breaker-memory.ts'
import type { BranchHistory } from './history.ts'
import type { Layout } from './manifest-path.ts'
import type { Change, ChangeResult, Edit, TemplateFile } from './port.ts'
import type { TreeIndex } from './tree-index.ts'

/** What one change is, without its question. */
export type ProposedChange = Omit<Change, 'stillWanted'>

export interface CommitPlanInput {
  readonly commit: CommitSha
  readonly tree: TreeIndex
  readonly templates: ReadonlyMap<string, TemplateFile>
  readonly history: BranchHistory
  readonly breaker: Pick<BreakerMemory, 'removedHere' | 'isStillAsked'>
  readonly changes: readonly ProposedChange[]
  readonly directory: string
  /** Where manifests are written; those of the other layout may only go. */
  readonly layout: Layout
  readonly committer: { readonly name: string; readonly email: string }
  /** Namespace of the inert object. */
  readonly agentNamespace: string
  readonly now: Date
  /** Why nothing may be written; null: it may. */
  readonly pause: string | null
  /** Whether ends are carried out all the same. */
  readonly removalsWhilePaused: boolean
}

export interface CommitPlan {
  /** One for each wish, in their order. */
  readonly decisions: readonly Decision[]
  readonly commits: readonly PlannedCommit[]
  /** The directory once all commits are in. */
  readonly tree: TreeIndex
  /** What `mayfly.pause` says once all commits are in. */
  readonly pause: string | null
}

export type Decision = { readonly kind: 'commit'; readonly index: number } | NoCommit

export type NoCommit =
  /** The caller asked for something that no change may ask for: a mistake in the program. */
  { readonly kind: 'mistake'; readonly message: string } | Exclude<ChangeResult, { readonly kind: 'pushed' }>

export interface PlannedCommit {
  readonly author: Pick<Author, 'name' | 'email'>
  readonly message: string
  readonly edits: readonly Edit[]
  readonly at: Date
}
