import type { KubernetesObject } from '../cluster.ts'
import type { Observed, Wanted } from '../observed.ts'

/** What one Argo CD Application says about the wanted commit. Never throws: an odd object is `deploying` with words. */
export function observeApplication(_object: KubernetesObject, _wanted: Wanted): Observed {
  return { observation: { kind: 'absent' }, applied: false }
}
