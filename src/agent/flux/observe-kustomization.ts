import type { KubernetesObject } from '../cluster.ts'
import type { Observed, Wanted } from '../observed.ts'

/**
 * What one Flux Kustomization says about the wanted commit. `sources`: the preview's own GitRepositories, OCIRepositories and
 * Buckets, because a push may change only them: their artifact is what must be applied. Never throws: an odd object is
 * `deploying` with words.
 */
export function observeKustomization(
  _object: KubernetesObject,
  _wanted: Wanted,
  _sources: readonly KubernetesObject[],
): Observed {
  return { observation: { kind: 'absent' }, applied: false }
}
