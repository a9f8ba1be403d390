import type { CommitSha } from '../preview/brand.ts'
import type { KubernetesObject, ObjectKind } from './cluster.ts'
import type { Observed, WantedCommit } from './observe/observed.ts'

/** What Argo CD and Flux do differently: which objects a preview has, what they say, how a push is told, what a root must be. */
export interface AgentDialect {
  /** Every kind that a preview's objects may have; the first is the one that applies it. */
  readonly kinds: readonly [ObjectKind, ...ObjectKind[]]
  /** What each object says; `all` are the preview's own objects. Never throws. */
  readonly observe: (all: readonly KubernetesObject[], wanted: WantedCommit) => readonly Observed[]
  /** Annotates what makes the agent look; `names` are the previews that were pushed. @throws RetryLater, Stalled */
  readonly requestSync: (names: ReadonlySet<string>) => Promise<void>
  /** Whether the root has seen a commit; true when that cannot be told. @throws RetryLater, Stalled */
  readonly hasSeen: (commit: CommitSha) => Promise<boolean>
  /** Why the root applies nothing at present, in words; null: it does. @throws RetryLater, Stalled */
  readonly pause: () => Promise<string | null>
  /** What in the root will make trouble; `children` are all objects of previews. @throws RetryLater, Stalled */
  readonly warnings: (children: readonly KubernetesObject[]) => Promise<readonly string[]>
}

/** Where the root stands, and what it is to apply. */
export interface RootOptions {
  readonly namespace: string
  readonly rootApplication: string
  /** Where manifests are written. */
  readonly directory: string
  readonly branch: string
}
