import type { CommitSha } from './brand.ts'
import type { PreviewId } from './preview-id.ts'

/** A preview that is not healthy is reconciled again at least this often, in ms; a hint of the agent comes first. */
export const longestRecheckMs = 5 * 60_000

/** The fixed vocabulary of the report, the status page and the API. */
export type PreviewState =
  | 'waiting'
  | 'deploying'
  | 'ready'
  | 'degraded'
  | 'failed'
  | 'refused'
  | 'removing'
  | 'removed'

/** What is true of one preview after a pass: all that the comment, the commit status and the API say comes from here. */
export interface PreviewStatus {
  readonly preview: PreviewId
  readonly application: string
  readonly number: number
  readonly name: string
  readonly namespace: string
  /** Where it can be opened; null when the application has no URL. */
  readonly url: string | null
  readonly state: PreviewState
  /** In words, one line: why it is in this state. Plain text, may quote untrusted values. */
  readonly message: string
  /** More lines, for example each rule that refused a manifest. Plain text. */
  readonly details: readonly string[]
  /** The rules that said no, in their order; none where no rule holds it up. */
  readonly rulings: readonly RuleTold[]
  /** Who can do what about it, one sentence of ours; empty when nobody need do anything. */
  readonly advice: string
  /** The merge request's newest commit; null when the forge no longer knows it. */
  readonly sha: CommitSha | null
  /** The commit that runs, as far as it is known. */
  readonly servingSha: CommitSha | null
  /** Where the manifest stands; null when there is none. `commit` is null when the history does not go back that far. */
  readonly manifest: { readonly path: string; readonly commit: CommitSha | null } | null
  /**
   * When this state began, as far as the branch (deploying, removing, removed) or the cluster tells. Null: not known. No time
   * of ours is in here: texts are made of it, and the same must come out of a second pass, of any process (law 6).
   */
  readonly since: Date | null
  /** When the commit that wrote or deleted the manifest was made: what people call the push. Null: not known. */
  readonly pushedAt: Date | null
  /** Whether an agent is watched: without one readiness is never known. */
  readonly watched: boolean
  /** Whether the cluster says so: state, message and details. Else the branch, the forge or the output policy does. */
  readonly fromCluster: boolean
  /** Whether it waits for somebody to do something: nothing is tried again by itself. */
  readonly forPeople: boolean
  /** The end, when there was one. */
  readonly removal: Removal | null
}

/** A rule about the life of a preview, with what it saw. Plain text, may quote untrusted values. */
export interface RuleTold {
  readonly rule: string
  readonly saw: string
}

export interface Removal {
  readonly cause: RemovalCause
  /** The commit that deleted the manifest. */
  readonly commit: CommitSha | null
  /** How long the preview existed in ms, and how many commits were deployed; null when the history is too short. */
  readonly livedMs: number | null
  readonly deploys: number | null
  /** From the deletion of the manifest to the end of the namespace in ms; null when nobody saw both. */
  readonly goneAfterMs: number | null
}

/** Why a preview ends: each a positive answer about that merge request. */
export type RemovalCause = 'merged' | 'closed' | 'gone' | 'not-eligible' | 'evicted'
