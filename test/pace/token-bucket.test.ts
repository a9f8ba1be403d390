import { describe, expect, it } from 'vitest'
import { createTokenBucket } from '../../src/pace/token-bucket.ts'

function turnableClock() {
  let now = 0
  return {
    now: () => new Date(now),
    monotonicMs: () => now,
    sleep: (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      now += ms
      return Promise.resolve()
    },
    turn: (ms: number) => {
      now += ms
    },
  }
}

describe('a token bucket', () => {
  it('gives the burst at once, then one by one', async () => {
    const clock = turnableClock()
    const bucket = createTokenBucket({ perMinute: 6, burst: 3, clock })
    for (const expected of [0, 0, 0, 10_000, 20_000]) {
      await bucket.take()
      expect(clock.now().getTime()).toBe(expected)
    }
  })

  it('fills up again, but never above the burst', async () => {
    const clock = turnableClock()
    const bucket = createTokenBucket({ perMinute: 6, burst: 2, clock })
    await bucket.take()
    await bucket.take()
    expect(bucket.waitMs()).toBe(10_000)
    clock.turn(3_600_000)
    await bucket.take()
    await bucket.take()
    expect(bucket.waitMs()).toBe(10_000)
  })

  it('never waits without a budget', async () => {
    const clock = turnableClock()
    const bucket = createTokenBucket({ perMinute: Number.POSITIVE_INFINITY, burst: 1, clock })
    for (let at = 0; at < 100; at++) await bucket.take()
    expect(clock.now().getTime()).toBe(0)
  })

  it('lets a waiter go when it is told to', async () => {
    const bucket = createTokenBucket({ perMinute: 1, burst: 1, clock: turnableClock() })
    await expect(bucket.take(AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
  })
})
