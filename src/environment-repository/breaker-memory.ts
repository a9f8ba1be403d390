import type { Clock } from '../pace/clock.ts'
import { breakerWindowMs } from '../preview/breaker.ts'
import type { PreviewId } from '../preview/preview-id.ts'

/** A held preview that no sweep has asked for within this time was reopened meanwhile, in ms. */
const HELD_FOR_MS = 3_600_000

/**
 * What one process knows of removals without an event beside what the branch tells: times by the clock that nobody can set. That a
 * preview is held stands on the branch itself, so that neither a restart nor another replica forgets it.
 */
export interface BreakerMemory {
  /** How many were committed here within the breaker's window. */
  removedHere(): number
  /** Whether the removal of a held preview may still be asked for: for an hour nobody knows better than the branch. */
  isStillAsked(preview: PreviewId): boolean
  remember(removals: { readonly committed: number; readonly held: readonly PreviewId[] }): void
}

export function createBreakerMemory(clock: Clock): BreakerMemory {
  const begun = clock.monotonicMs()
  const asked = new Map<PreviewId, number>()
  let removed: readonly number[] = []
  return {
    removedHere: () => removed.filter((at) => at > clock.monotonicMs() - breakerWindowMs).length,
    isStillAsked: (preview) => (asked.get(preview) ?? begun) > clock.monotonicMs() - HELD_FOR_MS,
    remember({ committed, held }) {
      const now = clock.monotonicMs()
      removed = [
        ...removed.filter((at) => at > now - breakerWindowMs),
        ...Array.from({ length: committed }, () => now),
      ]
      for (const preview of held) asked.set(preview, now)
      for (const [preview, at] of asked) if (at <= now - HELD_FOR_MS) asked.delete(preview)
    },
  }
}
