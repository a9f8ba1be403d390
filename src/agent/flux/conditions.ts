import { parseTime } from '../observe/clean-message.ts'
import type { FluxCondition, FluxObject } from './schema.ts'

/** The condition of this type that is about the spec as it stands now; null: none, or only one about an older spec. */
export function current({ metadata, status }: FluxObject, type: string): FluxCondition | null {
  const found = status?.conditions?.find((condition) => condition.type === type)
  return found && found.observedGeneration === metadata.generation ? found : null
}

/** Ready for the spec as it stands now. While Flux only looks again at what was ready, it stays so. */
export function isReadyNow(object: FluxObject): boolean {
  const { metadata, status, spec } = object
  if (spec.suspend === true || current(object, 'Ready')?.status !== 'True') return false
  if (current(object, 'Stalled')?.status === 'True') return false
  const isBusy = status?.conditions?.some(({ type, status: is }) => type === 'Reconciling' && is === 'True')
  return isBusy !== true || status?.observedGeneration === metadata.generation
}

/** When the condition began; null: it does not say. */
export function since(condition: FluxCondition | null): Date | null {
  return parseTime(condition?.lastTransitionTime)
}
