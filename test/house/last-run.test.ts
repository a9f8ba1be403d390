import { expect, it } from 'vitest'
import { announcement } from '../last-run.ts'

it('says what is about to run, and how long it took last time here', () => {
  expect(announcement('All tests', 133, { seconds: 312.4, at: '2026-11-21T10:42:00.000Z' })).toBe(
    'All tests: 133 files of tests; last time it took 5 min 12 s here (2026-11-21).',
  )
  expect(announcement('Unit tests', 7, { seconds: 48, at: '2026-11-21T10:42:00.000Z' })).toContain(
    'took 48 s here',
  )
})

it('says so where nothing is known yet', () => {
  expect(announcement('All tests', 133, null)).toContain('not known yet')
})
