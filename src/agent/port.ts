import type { CommitSha } from '../preview/brand.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Observation } from '../preview/observation.ts'

/** What the agent is asked about: the preview and where its manifest stands. */
export interface Subject {
  readonly preview: PreviewId
  readonly key: MergeRequestKey
  readonly name: string
  readonly namespace: string
  /** The merge request's commit that the manifest carries; null after its removal. */
  readonly sha: CommitSha | null
}

/** Something of a preview that exists in the cluster. */
export interface LiveResource {
  readonly preview: PreviewId
  /** For people, for example `Namespace preview-shop-142-cart`. */
  readonly what: string
}

/** Argo CD, Flux, or nobody. It only ever reads the cluster, and is told of pushes. */
export interface Agent {
  /** What runs now. Throws `RetryLater` when the cluster does not answer. */
  observe(subject: Subject): Promise<Observation>

  /** Tells the agent to look at the environment repository now; `name` is the preview's that was pushed. Never throws: its poll comes anyway. */
  requestSync(commit: CommitSha, name: string): Promise<void>

  /** Calls `onHint` with a preview that changed. A hint may come twice, or never. */
  watch(onHint: (preview: PreviewId) => void): Promise<void>

  /** Everything of ours in the cluster. Throws `RetryLater` rather than giving a part. */
  resources(): Promise<readonly LiveResource[]>

  /** What in the agent's own set-up, or in our rights, will make trouble; each a sentence with its remedy. Never throws. */
  warnings(): Promise<readonly string[]>

  close(): Promise<void>
}

/** The names of Argo CD's projects; null: not known, or there is no such thing. Never throws. */
export type KnownProjects = () => ReadonlySet<string> | null
