import type { KubernetesObject } from '../cluster.ts'
import type { Observed, Wanted } from '../observed.ts'

/** What one Flux HelmRelease says about the wanted commit; `sources` as for a Kustomization. Never throws. */
export function observeHelmRelease(
  _object: KubernetesObject,
  _wanted: Wanted,
  _sources: readonly KubernetesObject[],
): Observed {
  return { observation: { kind: 'absent' }, applied: false }
}
