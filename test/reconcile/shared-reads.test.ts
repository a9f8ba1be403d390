import { expect, it } from 'vitest'
import type { MergeRequestReading } from '../../src/preview/merge-request.ts'
import { changedFilesOnce, freshReading } from '../../src/reconcile/shared-reads.ts'
import { aMergeRequest, shaB } from '../preview/fixtures.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { found } from './given.ts'

it('an answer is shared while it is younger than asked for, counted from its request', async () => {
  const clock = createVirtualClock()
  let reads = 0
  const answers: ((reading: MergeRequestReading) => void)[] = []
  const read = freshReading(clock, () => {
    reads += 1
    return new Promise((resolve) => answers.push(resolve))
  })
  const first = read(0)
  await clock.advance(600)
  answers[0]?.(found())
  await first
  await clock.advance(399)
  void read(1_000)
  expect(reads).toBe(1)
  await clock.advance(1)
  void read(1_000)
  expect(reads).toBe(2)
  void read(0)
  expect(reads).toBe(3)
})

it('the files are listed anew once head or target moved', async () => {
  let lists = 0
  const files = changedFilesOnce(() => {
    lists += 1
    return Promise.resolve([])
  })
  await files(aMergeRequest())
  await files(aMergeRequest({ title: 'Another' }))
  expect(lists).toBe(1)
  await files(aMergeRequest({ sha: shaB }))
  await files(aMergeRequest({ targetBranch: 'next' }))
  expect(lists).toBe(3)
})
