import type { Clock } from '../clock.ts'
import type { Metrics } from '../metrics.ts'
import type { Reconcile } from '../queue/port.ts'

/** Counts looks by how they end and how long they take. */
export function measured(
  look: Reconcile,
  { metrics, clock }: { readonly metrics: Metrics; readonly clock: Clock },
): Reconcile {
  return async (key, prompt) => {
    const began = clock.now().getTime()
    const lasted = (): number => clock.now().getTime() - began
    try {
      const outcome = await look(key, prompt)
      metrics.look(outcome.kind, lasted())
      return outcome
    } catch (error) {
      metrics.look('retry', lasted())
      throw error
    }
  }
}
