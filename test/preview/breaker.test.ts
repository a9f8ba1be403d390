import { describe, expect, it } from 'vitest'
import { breakerWindowMs, checkRemoval } from '../../src/preview/breaker.ts'

const now = new Date('2026-01-01T12:00:00Z')
const ago = (ms: number): Date => new Date(now.getTime() - ms)
const recent = (count: number): Date[] => Array.from({ length: count }, () => ago(1_000))

describe('law 13: the breaker', () => {
  it.each([
    [4, 3, 'pass'],
    [5, 3, 'held'],
    [4, 0, 'pass'],
    [19, 81, 'pass'],
    [20, 80, 'held'],
    [199, 801, 'pass'],
    [200, 800, 'held'],
  ])('after %i removals with %i manifests left: %s', (removed, manifests, kind) => {
    expect(
      checkRemoval({ now, removals: recent(removed), manifests, removedHere: 0, isTripped: false }).kind,
    ).toBe(kind)
  })

  it('says how many, and how many may go', () => {
    expect(
      checkRemoval({ now, removals: recent(20), manifests: 80, removedHere: 0, isTripped: false }),
    ).toEqual({
      kind: 'held',
      removals: 21,
      limit: 20,
    })
  })

  it('does not count what is longer ago than the window', () => {
    const removals = [...recent(4), ...Array.from({ length: 50 }, () => ago(breakerWindowMs))]
    expect(checkRemoval({ now, removals, manifests: 0, removedHere: 0, isTripped: false }).kind).toBe('pass')
  })

  it('counts a date in the future, and one that is none, as now: a clock was wrong', () => {
    for (const at of [new Date(now.getTime() + 3_600_000), new Date(Number.NaN)]) {
      const removals = [...recent(4), at]
      expect(checkRemoval({ now, removals, removedHere: 0, manifests: 0, isTripped: false }).kind).toBe(
        'held',
      )
    }
  })

  it('counts what this process removed, whatever our clock has done to the dates meanwhile', () => {
    const removals = Array.from({ length: 5 }, () => ago(3_600_000))
    expect(checkRemoval({ now, removals, removedHere: 5, manifests: 0, isTripped: false }).kind).toBe('held')
    expect(checkRemoval({ now, removals, removedHere: 0, manifests: 0, isTripped: false }).kind).toBe('pass')
  })
})
