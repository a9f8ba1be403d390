import type { Clock } from '../pace/clock.ts'
import { createOpenBefore } from './open-before.ts'
import { type SweepOptions, type SweepReport, sweep } from './sweep.ts'

const DAY_MS = 24 * 3_600_000
/** What clocks of others may be off, at least. */
const MARGIN_MS = 60_000

/** Sweeps at once, then every `everyMs` after the end of the last one, until stopped. Independent of the queue's timers. */
export interface Sweeper {
  /** Null before the first sweep has ended. */
  last(): SweepReport | null
  stop(): Promise<void>
}

export function startSweeper(
  options: Omit<SweepOptions, 'lookBackMs' | 'openBefore'> & {
    readonly everyMs: number
    readonly clock: Clock
  },
): Sweeper {
  const abort = new AbortController()
  const openBefore = createOpenBefore()
  let last: SweepReport | null = null
  // When the newest sweep began that read the branch: a slow one, or one that failed, takes nothing away from the next one's look.
  const read: { sinceMs: number | null } = { sinceMs: null }
  const running = (async () => {
    while (!abort.signal.aborted) {
      const began = options.clock.monotonicMs()
      const lookBackMs = lookBack(read.sinceMs === null ? null : began - read.sinceMs, options.everyMs)
      const onOrphans: SweepOptions['onOrphans'] = (orphans) => {
        read.sinceMs = began
        options.onOrphans(orphans)
      }
      last = await sweep({ ...options, openBefore, lookBackMs, onOrphans }).catch((error: unknown) => {
        options.log.error({ error }, 'a sweep failed: the next one comes at its time')
        return last
      })
      await options.clock.sleep(options.everyMs, abort.signal).catch(() => undefined)
    }
  })()
  return {
    last: () => last,
    stop: async () => {
      abort.abort()
      await running
    },
  }
}

/** `sinceMs`: since the last sweep began that read the branch; null: there was none in this process. */
function lookBack(sinceMs: number | null, everyMs: number): number {
  if (sinceMs === null) return DAY_MS
  return Math.min(DAY_MS, sinceMs + Math.max(everyMs, MARGIN_MS))
}
