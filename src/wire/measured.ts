import type { Clock } from '../pace/clock.ts'
import type { Metrics } from '../metrics.ts'
import type { Reconcile } from '../queue/port.ts'

/** Counts passes by how they end and how long they take. */
export function measured(
  reconcile: Reconcile,
  { metrics, clock }: { readonly metrics: Metrics; readonly clock: Clock },
): Reconcile {
  return async (key, trigger) => {
    const began = clock.monotonicMs()
    const lasted = (): number => clock.monotonicMs() - began
    try {
      const outcome = await reconcile(key, trigger)
      metrics.look(outcome.kind, lasted())
      return outcome
    } catch (error) {
      metrics.look('retry', lasted())
      throw error
    }
  }
}
