import type { Random } from './clock.ts'

/** When a failed pass comes back; see `backoff`. */
export type Backoff = (failures: number, random: Random, retryAfterMs: number | null) => number

const baseMs = 1_000
const capMs = 5 * 60_000

/** As `backoffUpTo`, with a ceiling of five minutes. */
export const backoff: Backoff = backoffUpTo(capMs)

/**
 * How long a failed pass waits, in whole ms: full jitter below an exponential ceiling (base 1 s, at most `mostMs`), on top
 * of `retryAfterMs`. `failures` counts from 1. The jitter is added, not maximised, so that all the keys which a forge sent
 * away until the same moment do not come back in the same moment.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffUpTo(mostMs: number): Backoff {
  return (failures, random, retryAfterMs) => {
    const ceiling = exponentialMs(failures, { firstMs: baseMs, mostMs: Math.min(capMs, mostMs) })
    return saneWait(saneWait(retryAfterMs ?? 0) + random() * ceiling)
  }
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/**
 * A wait in whole ms between 0 and a day: timers overflow after 24 days, and a pass that comes too early does no harm.
 * What is no number becomes a minute, so that nobody's broken arithmetic spins.
 */
export function saneWait(ms: number): number {
  return Number.isNaN(ms) ? minuteMs : Math.ceil(Math.min(dayMs, Math.max(0, ms)))
}

/** `firstMs` after the first failure, twice as much after each further one, at most `mostMs`. `failures` counts from 1. */
export function exponentialMs(
  failures: number,
  { firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number },
): number {
  return Math.min(mostMs, firstMs * 2 ** Math.max(0, failures - 1))
}
