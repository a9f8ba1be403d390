import type { KubernetesObject } from '../cluster.ts'
import type { Observed, Wanted } from '../observed.ts'

/** What a source of the preview (GitRepository, OCIRepository, HelmRepository, Bucket) says: fetched at its spec, or why not. Never throws. */
export function observeSource(_object: KubernetesObject, _wanted: Wanted): Observed {
  return { observation: { kind: 'absent' }, applied: false }
}
