import { createBoundedMap } from '../pace/bounded-map.ts'
import { type Clock, momentOf, type Moment } from '../pace/clock.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { Reconcile } from '../queue/port.ts'

/** How the newest pass over each merge request ended, as far as this process made it. Memory only. */
export interface PassMemory {
  /** The same passes, and their ends are remembered. */
  watch(reconcile: Reconcile): Reconcile
  lastOf(key: MergeRequestKey): RememberedPass | null
}

export interface RememberedPass {
  readonly ended: Moment
  /** `retry`: it threw, and the queue brings the key back. */
  readonly outcome: Outcome['kind'] | 'retry'
  readonly why: string | null
  /** Until the next one, from its end on; null: only an event or the sweep brings it, or the queue alone knows when. */
  readonly afterMs: number | null
}

const keepCount = 5_000

export function createPassMemory(clock: Clock): PassMemory {
  const known = createBoundedMap<MergeRequestKey, RememberedPass>(keepCount)
  return {
    watch: (reconcile) => async (key, trigger) => {
      try {
        const outcome = await reconcile(key, trigger)
        known.set(key, {
          ended: momentOf(clock),
          outcome: outcome.kind,
          why: outcome.kind === 'settled' ? null : outcome.why,
          afterMs: outcome.kind === 'waiting' ? outcome.afterMs : null,
        })
        return outcome
      } catch (error) {
        known.set(key, { ended: momentOf(clock), outcome: 'retry', why: wordsOf(error), afterMs: null })
        throw error
      }
    },
    lastOf: (key) => known.get(key) ?? null,
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof RetryLater || error instanceof Stalled) return error.brief ?? error.message
  return 'it failed in an unforeseen way: the log says how'
}
