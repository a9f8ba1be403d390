import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, backoffUpTo, exponentialMs, saneWait } from '../../src/pace/backoff.ts'

const most = (failures: number): number => backoff(failures, () => 0.999_999_9, null)

describe('backoff', () => {
  it('doubles its ceiling from 1 s to 5 min', () => {
    expect([1, 2, 3, 9, 10, 11, 1_000, 1e9].map(most)).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000, 300_000, 300_000,
    ])
  })

  it('jitters down to nothing', () => {
    expect(backoff(50, () => 0, null)).toBe(0)
    expect(backoff(50, () => 0.5, null)).toBe(150_000)
  })

  it('waits at least as long as it was asked to, and spreads from there', () => {
    expect(backoff(1, () => 0, 60_000)).toBe(60_000)
    expect(backoff(1, () => 0.5, 60_000)).toBe(60_500)
    expect(backoff(1, () => 0.5, 3_600_000)).toBe(3_600_500)
  })

  it('gives whole milliseconds that a timer can hold, whatever it is given', () => {
    const odd = fc.oneof(fc.double(), fc.constant(null))
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer(), unit, odd, (failures, random, retryAfterMs) => {
        const ms = backoff(failures, () => random, retryAfterMs)
        expect(Number.isInteger(ms) && ms >= 0 && ms <= 86_400_000).toBe(true)
        if (retryAfterMs !== null && retryAfterMs < 86_400_000)
          expect(ms).toBeGreaterThanOrEqual(retryAfterMs)
      }),
    )
    expect([Number.NaN, -5, 0.2, Infinity].map(saneWait)).toEqual([60_000, 0, 1, 86_400_000])
  })
})

it('takes a lower ceiling, and none above five minutes', () => {
  const longest = (mostMs: number): number => backoffUpTo(mostMs)(1_000, () => 0.999_999_9, null)
  expect([10_000, 3_600_000].map(longest)).toEqual([10_000, 300_000])
})

it('doubles from the first failure on', () => {
  const pauses = [0, 1, 2, 3, 4].map((failures) => exponentialMs(failures, { firstMs: 25, mostMs: 150 }))
  expect(pauses).toEqual([25, 25, 50, 100, 150])
})
