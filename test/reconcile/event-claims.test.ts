import { describe, expect, it } from 'vitest'
import { mergeRequestKey } from '../../src/preview/key.ts'
import type { EventClaim } from '../../src/preview/merge-request.ts'
import { createEventClaims } from '../../src/reconcile/event-claims.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { shaA, shaB } from '../preview/fixtures.ts'
import { found } from './given.ts'

const key = mergeRequestKey({ forge: 'gitea', repository: 'acme/shop', number: 142 })
const repository = { id: '7', fullName: 'acme/shop', cloneUrl: 'https://git.acme.dev/acme/shop.git' }

function claims({ othersReconcile = false } = {}) {
  const clock = createVirtualClock()
  const asked: number[] = []
  const made = createEventClaims({
    clock,
    othersReconcile,
    again: () => Promise.resolve(void asked.push(clock.now().getTime())),
  })
  const began = clock.now().getTime()
  return { ...made, clock, asked: () => asked.map((at) => at - began) }
}

const pushed: EventClaim = { sha: shaB, state: 'open' }

describe('law 12: an answer that contradicts the event that came before it', () => {
  it('is asked for again at most five times, ever more slowly', async () => {
    const test = claims()
    test.note(key, pushed)
    test.hear(key, found({ sha: shaA }))
    await test.clock.advance(120_000)
    expect(test.asked()).toEqual([1_000, 3_000, 7_000, 15_000, 30_000])
  })

  it('is not asked for any more once an answer agrees, nor when the first one does', async () => {
    const test = claims()
    test.note(key, pushed)
    test.hear(key, found({ sha: shaA }))
    await test.clock.advance(4_000)
    test.hear(key, found({ sha: shaB }))
    await test.clock.advance(120_000)
    expect(test.asked()).toEqual([1_000, 3_000])
    const agreed = claims()
    agreed.note(key, pushed)
    agreed.hear(key, found({ sha: shaB }))
    await agreed.clock.advance(120_000)
    expect(agreed.asked()).toEqual([])
  })

  it.each([
    ['ended, and the forge says open', { sha: null, state: 'ended' }, found({ state: 'open' }), true],
    ['ended, and it is merged', { sha: null, state: 'ended' }, found({ state: 'merged' }), false],
    ['ended, and it is gone', { sha: null, state: 'ended' }, { kind: 'gone', repository }, false],
    ['reopened, and the forge says closed', { sha: null, state: 'open' }, found({ state: 'closed' }), true],
    ['opened, and it is not there yet', { sha: null, state: 'open' }, { kind: 'gone', repository }, true],
    ['edited, with its commit', { sha: shaB, state: null }, found({ sha: shaA, state: 'closed' }), true],
    ['something that tells nothing', { sha: null, state: null }, found({ state: 'closed' }), false],
  ] as const)('%s', async (_what, claim, reading, isAsked) => {
    const test = claims()
    test.note(key, claim)
    test.hear(key, reading)
    await test.clock.advance(1_500)
    expect(test.asked()).toHaveLength(isAsked ? 1 : 0)
  })

  it('the newest event counts, and an answer is about its own merge request only', async () => {
    const test = claims()
    test.note(key, { sha: shaA, state: 'open' })
    test.note(key, pushed)
    test.hear(mergeRequestKey({ forge: 'gitea', repository: 'acme/shop', number: 1 }), found({ sha: shaA }))
    test.hear(key, found({ sha: shaB }))
    await test.clock.advance(60_000)
    expect(test.asked()).toEqual([])
  })

  it('a key that only waits for its turn is not queued again, unless another process may have had it', async () => {
    const alone = claims()
    alone.note(key, pushed)
    await alone.clock.advance(60_000)
    expect(alone.asked()).toEqual([])
    const among = claims({ othersReconcile: true })
    among.note(key, pushed)
    await among.clock.advance(60_000)
    expect(among.asked()).toHaveLength(5)
  })
})
