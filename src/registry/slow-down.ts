import type { FetchHeaders } from '../network/create-fetch.ts'
import { retryAfterOf } from '../network/retry-after.ts'
import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'
import { RetryLater } from '../preview/errors.ts'

/** Whoever asks to slow down without saying for how long gets a minute. */
const defaultPauseMs = 60_000
const longestPauseMs = 60 * 60 * 1000
const passing: readonly number[] = [408, 425]

/** What hosts ask for when they have too much to do. It is remembered for the many who would all be told the same. */
export interface SlowDown {
  /** @throws RetryLater while the host wants no question. */
  expectOpen(host: string): void
  /** @throws RetryLater for a status that says to come again. */
  expectNow(host: string, answer: { readonly status: number; readonly headers: FetchHeaders }): void
}

export function createSlowDown(clock: Pick<Clock, 'now' | 'monotonicMs'>): SlowDown {
  const untilMs = createBoundedMap<string, number>(100)

  return {
    expectOpen(host) {
      const restMs = (untilMs.get(host) ?? 0) - clock.monotonicMs()
      if (restMs > 0) throw new RetryLater(`${host} asked to slow down`, { retryAfterMs: Math.ceil(restMs) })
    },
    expectNow(host, { status, headers }) {
      if (status !== 429 && status < 500 && !passing.includes(status)) return
      const asked = retryAfterOf(headers, clock.now())
      const askedMs = asked === null ? null : Math.min(Math.max(asked, 0), longestPauseMs)
      if (askedMs !== null) untilMs.set(host, clock.monotonicMs() + askedMs)
      const said = `${host} answered with ${status}`
      if (status === 429)
        throw new RetryLater(`${said}: it asks to slow down`, { retryAfterMs: askedMs ?? defaultPauseMs })
      throw new RetryLater(said, askedMs === null ? {} : { retryAfterMs: askedMs })
    },
  }
}
