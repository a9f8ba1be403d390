import type { KubernetesObject } from '../cluster.ts'

/** What is checked: the root Application as it stands, and what it should be. */
export interface ArgocdRoot {
  /** For the words: `namespace/name` of the root Application. */
  readonly name: string
  /** Null: there is none. */
  readonly root: KubernetesObject | null
  /** The AppProject of the previews; null: not read, or there is none. */
  readonly project: KubernetesObject | null
  /** The previews' own Applications. */
  readonly children: readonly KubernetesObject[]
  /** Where manifests are written. */
  readonly directory: string
  readonly branch: string
}

/** What in the root Application will make trouble; each a sentence with its remedy. Never throws. */
export function argocdRootWarnings(_root: ArgocdRoot): readonly string[] {
  return []
}
