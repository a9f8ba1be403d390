import type { Clock } from '../pace/clock.ts'
import type { Log } from '../log.ts'

/** Warns about the same reason once in half a minute, with the number of times it was met: an outage is no flood. */
export interface ThrottledWarnings {
  warn(reason: string, sentence: string): void
}

const quietMs = 30_000
const mostReasons = 100

export function createThrottledWarnings(log: Log, clock: Clock): ThrottledWarnings {
  const met = new Map<string, { times: number; readonly sinceMs: number }>()
  return {
    warn: (reason, sentence) => {
      const now = clock.monotonicMs()
      const before = met.get(reason)
      if (before !== undefined && now - before.sinceMs < quietMs) {
        before.times += 1
        return
      }
      if (met.size >= mostReasons) met.clear()
      met.set(reason, { times: 0, sinceMs: now })
      log.warn({ reason, timesBefore: before?.times ?? 0 }, sentence)
    },
  }
}
