import type { Observation } from '../../preview/observation.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { Wanted } from '../observed.ts'

/** What one Flux HelmRelease says about the wanted commit; `sources` as for a Kustomization. Never throws. */
export function observeHelmRelease(
  _object: KubernetesObject,
  _wanted: Wanted,
  _sources: readonly KubernetesObject[],
): Observation {
  return { kind: 'absent' }
}
