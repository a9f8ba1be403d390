import { createBoundedMap } from '../pace/bounded-map.ts'
import type { MergeRequestKey } from '../preview/key.ts'

/** Remembers what keeps merge requests from going on and asks for whoever operates Mayfly, until a later pass goes through. */
export interface ConflictMonitor {
  /** What stopped the newest pass over a merge request; none clears what stopped the one before. */
  record(key: MergeRequestKey, warnings: readonly string[]): void
  /** Each once, however many merge requests it stops. */
  sentences(): readonly string[]
}

/** Of merge requests in trouble; the rest is in the log. */
const mostRemembered = 10_000
/** Whoever reads `/readyz` needs the kinds, not a list. */
const mostSentences = 20

export function createConflictMonitor(): ConflictMonitor {
  const conflicts = createBoundedMap<MergeRequestKey, readonly string[]>(mostRemembered)
  return {
    record(key, warnings) {
      if (warnings.length === 0) conflicts.delete(key)
      else conflicts.set(key, warnings)
    },
    sentences: () => [...new Set([...conflicts.values()].flat())].slice(0, mostSentences),
  }
}
