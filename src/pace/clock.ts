import { setTimeout as delay } from 'node:timers/promises'

/** Time as an argument, so that a test can turn it. */
export interface Clock {
  /** Wall time, for what people and Git read. It jumps when somebody sets it: never measure a duration by it. */
  now(): Date
  /** Ms since an arbitrary moment, with a fraction. Nobody can set it: for every duration, deadline and pause (law 14). */
  monotonicMs(): number
  /** Resolves after `ms`, or rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A moment on both faces of the clock: `at` for people, `ms` to measure from. */
export interface Moment {
  readonly at: Date
  readonly ms: number
}

export function momentOf(clock: Pick<Clock, 'now' | 'monotonicMs'>): Moment {
  return { at: clock.now(), ms: clock.monotonicMs() }
}

/** A number in [0, 1), for jitter. */
export type Random = () => number

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  },
}
