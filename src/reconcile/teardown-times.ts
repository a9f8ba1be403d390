import { createBoundedMap } from '../pace/bounded-map.ts'
import type { CommitSha } from '../preview/brand.ts'
import type { Observation } from '../preview/observation.ts'

/** The deletion of a manifest. */
export interface Deletion {
  readonly commit: CommitSha
  readonly at: Date
}

/** How long previews took to go, as far as this process saw it. Memory only: only the process that saw the end knows. */
export interface TeardownTimes {
  /** Records what the agent says after a deletion; ms from there to the end, null when it is not over or nobody saw it come. */
  readonly record: (deletion: Deletion, observation: Observation, now: Date) => number | null
}

const keepCount = 1000

export function createTeardownTimes(): TeardownTimes {
  /** By the commit of the deletion: null while the preview is still there. */
  const known = createBoundedMap<CommitSha, number | null>(keepCount)
  return {
    record({ commit, at }, observation, now) {
      if (observation.kind === 'unwatched') return null
      const before = known.get(commit)
      if (typeof before === 'number') return before
      if (observation.kind !== 'absent') {
        known.set(commit, null)
        return null
      }
      // Nothing was seen of it: it may have been gone for long.
      if (before === undefined) return null
      const ms = Math.max(0, now.getTime() - at.getTime())
      known.set(commit, ms)
      return ms
    },
  }
}
