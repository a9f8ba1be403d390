import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'

/** How long commits have been held up, as this process saw it. Memory only: a restart gives them their whole time again. */
export interface GateWaits {
  /** In ms, since `commit` was first asked about here, or a person asked to begin again. */
  readonly waitedMs: (commit: string, isAskedAgain: boolean) => number
  /** The same for whoever only wants to know: nothing begins to wait by it. */
  readonly knownMs: (commit: string) => number
}

const keepCount = 10_000

export function createGateWaits(clock: Pick<Clock, 'monotonicMs'>): GateWaits {
  const since = createBoundedMap<string, number>(keepCount)
  return {
    waitedMs(commit, isAskedAgain) {
      const now = clock.monotonicMs()
      const first = isAskedAgain ? now : (since.get(commit) ?? now)
      since.set(commit, first)
      return now - first
    },
    knownMs(commit) {
      const now = clock.monotonicMs()
      return now - (since.get(commit) ?? now)
    },
  }
}
