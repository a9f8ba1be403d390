import type { KubernetesObject } from '../cluster.ts'

/** What is checked: the root Kustomization and its source as they stand, and what they should be. */
export interface FluxRoot {
  /** For the words: `namespace/name` of the root Kustomization. */
  readonly name: string
  /** Null: there is none. */
  readonly kustomization: KubernetesObject | null
  /** The GitRepository that it reads; null: not read, or there is none. */
  readonly source: KubernetesObject | null
  /** The previews' own Kustomizations. */
  readonly children: readonly KubernetesObject[]
  /** Where manifests are written. */
  readonly directory: string
  readonly branch: string
}

/** What in the root Kustomization or its source will make trouble; each a sentence with its remedy. Never throws. */
export function fluxRootWarnings(_root: FluxRoot): readonly string[] {
  return []
}
