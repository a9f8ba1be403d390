import type { Observation } from '../preview/observation.ts'
import type { NamespaceSight, Observed, Wanted } from './observed.ts'

/**
 * The one answer about a preview from all that its agent's objects and its namespace say: the worst counts, it is ready only
 * when all are, and it is absent only when nothing is left.
 */
export function foldObservations(
  _objects: readonly Observed[],
  _namespace: NamespaceSight,
  _wanted: Wanted,
): Observed {
  return { observation: { kind: 'absent' } as Observation, applied: false }
}
