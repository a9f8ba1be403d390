import type { Clock } from './clock.ts'

export interface TokenBucketOptions {
  readonly perMinute: number
  /** How many may go at once after a quiet time; at least 1. */
  readonly burst: number
  readonly clock: Clock
}

export interface TokenBucket {
  /** Takes one token, first come first served; resolves when there is one, or rejects when the signal aborts first. */
  take(signal?: AbortSignal): Promise<void>
  /** How long a newcomer would wait now, in ms. */
  waitMs(): number
}

/** Keeps a steady budget: `burst` at once, then `perMinute` a minute. `perMinute: Infinity` never waits. */
export function createTokenBucket(options: TokenBucketOptions): TokenBucket {
  const { clock } = options
  const burst = Math.max(1, options.burst)
  const msPerToken = 60_000 / options.perMinute
  // The moment at which the bucket is full again: one number tells level and queue alike.
  let fullAt = clock.monotonicMs()

  function waitMs(): number {
    const now = clock.monotonicMs()
    return Math.max(0, Math.max(fullAt, now) - now - (burst - 1) * msPerToken)
  }

  return {
    waitMs,
    async take(signal) {
      signal?.throwIfAborted()
      const wait = waitMs()
      fullAt = Math.max(fullAt, clock.monotonicMs()) + msPerToken
      if (wait > 0) await clock.sleep(wait, signal)
    },
  }
}
