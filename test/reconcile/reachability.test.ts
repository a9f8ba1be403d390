import { expect, it } from 'vitest'
import type { Observation } from '../../src/preview/observation.ts'
import type { ProbeAnswer } from '../../src/probe/port.ts'
import { createReachability } from '../../src/reconcile/reachability.ts'
import { shaA, shaB } from '../preview/fixtures.ts'
import { ended, finding } from '../report/observed-designs.ts'

const probing = { path: '/', status: { least: 200, most: 399 }, timeoutMs: 1 }
const ready: Observation = { kind: 'ready', serving: shaB, since: null }

function reachOf(...answers: readonly ProbeAnswer[]) {
  const asked: string[] = []
  const reach = createReachability({
    check: (url) => {
      asked.push(url)
      return Promise.resolve(answers[asked.length - 1] ?? { kind: 'answers' })
    },
  })
  return { reach, asked }
}

it('asks until it answers, and from then on only of what began anew', async () => {
  const { reach, asked } = reachOf({ kind: 'silent', why: '503' })
  const { url } = finding()
  expect(await reach.silence(probing, finding(), ready)).toBe('503')
  expect(await reach.silence(probing, finding(), ready)).toBeNull()
  expect(await reach.silence(probing, finding(), ready)).toBeNull()
  expect(asked).toEqual([url, url])
  await reach.silence(probing, finding(), { ...ready, since: new Date(0) })
  await reach.silence(probing, finding({ sha: shaA }), { ...ready, serving: shaA })
  expect(asked).toHaveLength(4)
})

it.each<[string, Parameters<ReturnType<typeof createReachability>['silence']>]>([
  ['no probe is configured', [null, finding(), ready]],
  ['it has no URL', [probing, finding({ url: null }), ready]],
  ['nobody watches an agent', [probing, finding(), { kind: 'unwatched' }]],
  ['an older commit runs', [probing, finding(), { ...ready, serving: shaA }]],
  ['it is removed', [probing, ended(), ready]],
])('asks nothing when %s', async (_, call) => {
  const { reach, asked } = reachOf({ kind: 'silent', why: '503' })
  expect(await reach.silence(...call)).toBeNull()
  expect(asked).toEqual([])
})
