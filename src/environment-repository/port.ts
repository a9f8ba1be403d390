import type { CommitSha, ObjectId } from '../preview/brand.ts'
import type { Author } from '../preview/merge-request.ts'
import type { Trigger } from '../preview/outcome.ts'
import type { Limits } from '../lifecycle/limits.ts'
import type { PlaceAnswer, PlaceClaim } from '../lifecycle/places.ts'
import type { PreviewId } from '../preview/preview-id.ts'

/**
 * The Git branch that holds one file per preview. Members throw `RetryLater` when the server is away or the branch keeps
 * moving, and `Stalled` when a human must act (branch missing or rewritten, push refused, with the server's own words).
 */
export interface EnvironmentRepository {
  /** The newest tip this process knows of; the first call fetches it. */
  view(): Promise<View>

  /** Asks the server first. Callers that come while one question is under way share the next one. */
  refresh(): Promise<View>

  /**
   * Commits and pushes one preview's change, together with others that come meanwhile. Resolves once the server has it
   * or once it turned out that there is nothing to do.
   */
  change(change: Change): Promise<ChangeResult>

  /** A file of the templates directory at `view`, with its blob id; undefined when there is none. */
  template(view: View, file: string): Promise<TemplateFile | undefined>

  /**
   * What a preview's file held when it was written last for another commit than the one that stands: for the newest such commit, or for
   * the one whose id begins with `sha`. Null: the history does not go back that far.
   */
  earlier(preview: PreviewId, sha: string | null): Promise<EarlierManifest | null>

  close(): Promise<void>
}

/** A branch that a person can stop. */
export interface PausableBranch {
  /** Stops every later change of every replica, with a reason for people, or lets them go on again (null). */
  setPause(reason: string | null): Promise<'written' | 'unchanged'>
}

export interface EarlierManifest {
  readonly sha: CommitSha
  readonly content: string
}

/** The branch at one commit. Immutable; cheap to ask. */
export interface View {
  readonly commit: CommitSha
  /** Our manifests of one preview: none, one, or two while a rename is in flight elsewhere. */
  manifestsOf(preview: PreviewId): readonly Manifest[]
  /** All manifests of ours (those whose objects carry `mayfly.dev/preview`). */
  manifests(): readonly Manifest[]
  /** Files at paths that are this preview's by their name, but not known for its manifests: nothing is done to them. */
  strangersOf(preview: PreviewId): readonly Stranger[]
  /** All of them. */
  strangers(): readonly Stranger[]
  /** The names of all files in the templates directory. */
  templates(): readonly string[]
  /** Whatever file is at `path` of the branch: ours, somebody else's, or none. */
  ownerOf(path: string): 'ours' | 'foreign' | 'nobody'
  /** The path of the manifest that already contains this object, ours or not. */
  holderOf(object: ObjectId): string | undefined
  /** What the history of the branch tells about a preview; undefined when it does not go back that far. */
  historyOf(preview: PreviewId): PreviewHistory | undefined
  /** Previews whose newest commit removed them after `since`. */
  removedSince(since: Date): readonly PreviewId[]
  /** Previews whose manifest somebody else took away after `since`, or may have. */
  vanishedSince(since: Date): readonly PreviewId[]
  /** Whether somebody else committed to the branch after `since`. */
  foreignSince(since: Date): boolean
  /** Why nothing may be written now, one line: what `mayfly.pause` on the branch says. Null: there is no such file. */
  pause(): string | null
  /** The commit of a preview that was approved last, and by whom; undefined: none that we know of. */
  approvalOf(preview: PreviewId): BranchApproval | undefined
  /** Previews that wait for a place, whoever came first at the front. */
  queue(): readonly PreviewId[]
  /** What the next change with this wish would be told of its place; nobody begins to wait by asking. */
  placeFor(preview: PreviewId, place: PlaceWish, now: Date): PlaceAnswer
}

/** The word of somebody who may write about one commit of somebody who is not trusted. */
export interface BranchApproval {
  readonly sha: string
  readonly by: string
}

/** A file of ours on the branch. */
export interface Manifest {
  readonly path: string
  readonly preview: PreviewId
  readonly content: string
  /** The name of the preview: that of its file without the ending, or of its directory. */
  readonly name: string
  /** Annotation `mayfly.dev/sha`; null when it holds none or no full commit id. */
  readonly sha: CommitSha | null
  /** All `mayfly.dev/*` annotations of its first object, without the prefix. */
  readonly annotations: Readonly<Record<string, string>>
  readonly objects: readonly ObjectId[]
}

/** A file that stands where a preview's manifest would. `why`: what is wrong with it, in words that follow the path. */
export interface Stranger {
  readonly path: string
  readonly preview: PreviewId
  readonly why: string
}

/** The life of a preview as told by the commits' trailers. */
export interface PreviewHistory {
  /** The newest commit of this preview. */
  readonly commit: CommitSha
  readonly at: Date
  /** The commit that created it (again); null when the history does not go back that far. */
  readonly createdAt: Date | null
  /** Commits since its creation that brought a new `Mayfly-Sha`, the creation included. */
  readonly deploys: number
  readonly removed: boolean
  /** The trailers `Mayfly-Cause`, `Mayfly-Sha` and `Mayfly-By` of that commit; null where it has none. */
  readonly cause: string | null
  readonly sha: string | null
  readonly by: string | null
  /** Whether the newest commit came of an event, so soon after what it is about. */
  readonly byEvent: boolean
}

/** One preview's wish. `edits` become one commit. */
export interface Change {
  readonly preview: PreviewId
  readonly edits: readonly Edit[]
  readonly author: Author
  /** For example `preview shop-142-cart: create at d4e5f6a`. */
  readonly subject: string
  readonly trailers: Readonly<Record<string, string>>
  /** What the content was rendered from; a change whose template is another one on the tip is dropped. Null: a removal. */
  readonly template: { readonly file: string; readonly blob: string } | null
  /** Whether a place must be free for it. */
  readonly place: PlaceWish
  /** What is to be remembered without a file; null: nothing. */
  readonly note: BranchNote | null
  /** A removal prompted by nobody counts for the breaker. */
  readonly trigger: Trigger
  /** Asked right before every push attempt; false drops the change. Throwing drops it with that error. */
  stillWanted(): Promise<boolean>
}

/**
 * `none`: it is written in any case, as every update and every end. `claim`: it takes a place, or waits for one.
 */
export type PlaceWish =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'claim'
      readonly limits: Limits
      readonly claim: PlaceClaim
      /** The source repository of an application, as `claim` names it. */
      readonly repositoryOf: (application: string) => string
    }

/** Of a change without edits. `leave`: it waits for a place no longer. `approve`: somebody who may write has approved this commit. */
export type BranchNote =
  | { readonly kind: 'leave' }
  | { readonly kind: 'approve'; readonly sha: CommitSha; readonly by: string }

export interface Edit {
  /** Relative to the branch's root, inside the configured directory. */
  readonly path: string
  /** The new bytes; null removes the file. */
  readonly content: string | null
}

/**
 * `pushed`: in `commit`. `unchanged`: the tip already says so. `dropped`: `stillWanted` said no, or the template moved. `foreign`: a file that
 * is not this preview's stands at `path`, untouched. `held`: the breaker asks for a human. `full`:
 * every place is taken. `paused`: somebody has put `mayfly.pause` on the branch.
 */
export type ChangeResult =
  | { readonly kind: 'pushed'; readonly commit: CommitSha }
  | { readonly kind: 'unchanged'; readonly commit: CommitSha }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'foreign'; readonly path: string }
  | { readonly kind: 'held'; readonly removals: number; readonly limit: number }
  | { readonly kind: 'paused'; readonly reason: string }
  | Extract<PlaceAnswer, { readonly kind: 'full' }>

/** `why`: what it is, when it is no text. */
export type TemplateFile = { readonly blob: string } & ({ readonly text: string } | { readonly why: string })
