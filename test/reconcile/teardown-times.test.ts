import { expect, it } from 'vitest'
import { createTeardownTimes } from '../../src/reconcile/teardown-times.ts'
import { shaA, shaB } from '../preview/fixtures.ts'

const at = new Date('2026-11-21T10:00:00Z')
const after = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const leaving = { kind: 'removing', why: 'x', details: [], held: false, since: null } as const

it('law 6: how long an end took is known to who saw it coming, and stays the same at every later look', () => {
  const ends = createTeardownTimes()
  expect(ends.record({ commit: shaA, at }, leaving, after(1))).toBeNull()
  expect(ends.record({ commit: shaA, at }, { kind: 'absent' }, after(8))).toBe(8000)
  expect(ends.record({ commit: shaA, at }, { kind: 'absent' }, after(900))).toBe(8000)
  expect(ends.record({ commit: shaB, at }, { kind: 'absent' }, after(8))).toBeNull()
  expect(ends.record({ commit: shaB, at }, { kind: 'unwatched' }, after(8))).toBeNull()
})

it('remembers the newest deletions only', () => {
  const ends = createTeardownTimes()
  const commits = Array.from({ length: 1001 }, (_, index) =>
    String(index).padStart(40, '0'),
  ) as (typeof shaA)[]
  for (const commit of commits) ends.record({ commit, at }, leaving, at)
  expect(ends.record({ commit: commits[0] ?? shaA, at }, { kind: 'absent' }, after(1))).toBeNull()
  expect(ends.record({ commit: commits[1] ?? shaA, at }, { kind: 'absent' }, after(1))).toBe(1000)
})
