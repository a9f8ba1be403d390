import type { Observation } from '../../preview/observation.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { Wanted } from '../observed.ts'

/** What a source of the preview (GitRepository, OCIRepository, HelmRepository, Bucket) says: fetched at its spec, or why not. Never throws. */
export function observeSource(_object: KubernetesObject, _wanted: Wanted): Observation {
  return { kind: 'absent' }
}
