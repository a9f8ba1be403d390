import type { Clock } from '../pace/clock.ts'
import { createOpenBefore } from './open-before.ts'
import { type SweepOptions, type SweepReport, sweep } from './sweep.ts'

const DAY_MS = 24 * 3_600_000

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
  const running = (async () => {
    while (!abort.signal.aborted) {
      const lookBackMs: number = last === null ? DAY_MS : 2 * options.everyMs
      last = await sweep({ ...options, openBefore, lookBackMs }).catch((error: unknown) => {
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
