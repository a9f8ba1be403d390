import type { KubernetesObject } from '../cluster.ts'
import type { Terminating } from '../observed.ts'

/**
 * Why a namespace that is being deleted is still there; null: it is not being deleted. `held`: something keeps it that does
 * not end by itself. Never throws.
 */
export function explainTerminating(_namespace: KubernetesObject): Terminating | null {
  return null
}
