import { expect, it } from 'vitest'
import { createEnds } from '../../src/reconcile/ends.ts'
import { shaA, shaB } from '../preview/fixtures.ts'

const at = new Date('2026-11-21T10:00:00Z')
const after = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const leaving = { kind: 'removing', why: 'x', details: [], held: false, since: null } as const

it('law 6: how long an end took is known to who saw it coming, and stays the same at every later look', () => {
  const ends = createEnds()
  expect(ends.note({ commit: shaA, at }, leaving, after(1))).toBeNull()
  expect(ends.note({ commit: shaA, at }, { kind: 'absent' }, after(8))).toBe(8000)
  expect(ends.note({ commit: shaA, at }, { kind: 'absent' }, after(900))).toBe(8000)
  expect(ends.note({ commit: shaB, at }, { kind: 'absent' }, after(8))).toBeNull()
  expect(ends.note({ commit: shaB, at }, { kind: 'unwatched' }, after(8))).toBeNull()
})

it('remembers the newest deletions only', () => {
  const ends = createEnds()
  const commits = Array.from({ length: 1001 }, (_, index) =>
    String(index).padStart(40, '0'),
  ) as (typeof shaA)[]
  for (const commit of commits) ends.note({ commit, at }, leaving, at)
  expect(ends.note({ commit: commits[0] ?? shaA, at }, { kind: 'absent' }, after(1))).toBeNull()
  expect(ends.note({ commit: commits[1] ?? shaA, at }, { kind: 'absent' }, after(1))).toBe(1000)
})
