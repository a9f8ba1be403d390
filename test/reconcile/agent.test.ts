import { describe, expect, it } from 'vitest'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import type { Observation } from '../../src/preview/observation.ts'
import type { Outcome } from '../../src/preview/outcome.ts'
import { nextReconcile, worstOutcome } from '../../src/reconcile/next-reconcile.ts'
import { anApplication, shaA, shaB } from '../preview/fixtures.ts'
import { status } from '../report/designs.ts'
import { found, given } from './given.ts'

const now = new Date('2026-11-21T11:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const waiting = (afterMs: number): Outcome => ({ kind: 'waiting', afterMs, why: `${afterMs}` })
const stalled: Outcome = { kind: 'stalled', why: 'a human' }
const settled: Outcome = { kind: 'settled' }

describe('the outcome of several previews', () => {
  it.each<[string, readonly Outcome[], Outcome]>([
    ['none', [], settled],
    ['all settled', [settled, settled], settled],
    ['one needs a human', [settled, stalled], stalled],
    ['the soonest comes first', [waiting(300), stalled, waiting(20), settled], waiting(20)],
  ])('%s', (_, outcomes, expected) => {
    expect(worstOutcome(outcomes)).toEqual(expected)
  })
})

describe('the next pass', () => {
  it.each([
    ['deploying', 1, 5_000],
    ['deploying', 12, 12_000],
    ['removing', 40, 40_000],
    ['waiting', 7, 7_000],
    ['deploying', 3_600, 300_000],
    ['deploying', -60, 5_000],
    ['degraded', 1, 300_000],
    ['failed', 1, 300_000],
  ] as const)('%s since %d s comes after %d ms', (state, seconds, afterMs) => {
    const outcome = nextReconcile(settled, status({ state, watched: true, since: ago(seconds) }), now)
    expect(outcome).toMatchObject({ kind: 'waiting', afterMs })
  })

  it('comes after half a minute where nobody knows since when', () => {
    const outcome = nextReconcile(settled, status({ state: 'deploying', watched: true, since: null }), now)
    expect(outcome).toMatchObject({ kind: 'waiting', afterMs: 30_000 })
  })

  it.each(['ready', 'refused', 'removed'] as const)('never comes by itself when it is %s', (state) => {
    expect(nextReconcile(settled, status({ state, watched: true, since: ago(1) }), now)).toEqual(settled)
  })

  it('is not planned where no agent is watched, nor over what the pass itself decided', () => {
    expect(nextReconcile(settled, status({ state: 'deploying', watched: false }), now)).toEqual(settled)
    expect(nextReconcile(stalled, status({ state: 'deploying', watched: true }), now)).toEqual(stalled)
  })
})

describe('the agent', () => {
  it('is told of a push once, and of nothing that was not pushed', async () => {
    const pass = given()
    await pass.reconcile()
    await pass.reconcile()
    expect(pass.notified).toEqual([
      { commit: pass.repository.commits.length.toString(16).padStart(40, '0'), name: 'shop-142-cart' },
    ])
  })

  it('is asked about the commit that the manifest carries, by name and namespace', async () => {
    const pass = given()
    await pass.reconcile()
    expect(pass.observed.at(-1)).toMatchObject({
      preview: 'shop/142',
      name: 'shop-142-cart',
      namespace: 'preview-shop-142-cart',
      sha: shaA,
    })
    pass.forge = found({ state: 'merged' })
    await pass.reconcile()
    expect(pass.observed.at(-1)).toMatchObject({ name: 'shop-142-cart', sha: null })
  })

  it('that runs an older commit is not ready', async () => {
    const pass = given()
    pass.agent = { kind: 'ready', serving: shaB, since: null }
    await pass.reconcile()
    expect(pass.records()).toMatchObject([{ state: 'deploying', servingSha: shaB }])
    pass.agent = { kind: 'ready', serving: shaA, since: null }
    expect(await pass.reconcile()).toEqual(settled)
    expect(pass.records()).toMatchObject([{ state: 'ready', servingSha: shaA }])
  })

  it('that runs it while its URL does not answer is not ready either', async () => {
    const probe = { path: '/', status: { least: 200, most: 399 }, timeoutMs: 1 }
    const pass = given([anApplication({ probe })])
    pass.agent = { kind: 'ready', serving: shaA, since: null }
    pass.probe = { kind: 'silent', why: '503' }
    await pass.reconcile()
    expect(pass.records()[0]?.state).not.toBe('ready')
  })

  it.each([
    ['does not answer', new RetryLater('502'), 'the cluster does not answer'],
    ['refuses us', new Stalled('list applications is forbidden'), 'list applications is forbidden'],
  ])('that %s undoes nothing: deploying, and why', async (_, agent, why) => {
    const pass = given()
    pass.agent = agent
    await pass.reconcile()
    expect(pass.records()).toMatchObject([{ state: 'deploying' }])
    expect(pass.comment()).toContain(why)
    pass.forge = found({ state: 'merged' })
    await pass.reconcile()
    expect(pass.records()).toMatchObject([{ state: 'removing' }])
  })
})

describe('the namespace of the preview before', () => {
  const leaving: Observation = { kind: 'removing', why: 'a pod', details: [], held: false, since: ago(30) }

  it('is waited for, and nothing is written into it', async () => {
    const pass = given()
    pass.agent = leaving
    expect(await pass.reconcile()).toMatchObject({ kind: 'waiting' })
    expect(pass.repository.files()).toEqual([])
    expect(pass.records()).toMatchObject([{ state: 'waiting' }])
    pass.agent = { kind: 'absent' }
    await pass.reconcile()
    expect(pass.repository.files()).toContain('apps/shop-142-cart.yml')
  })

  it('is no reason to hold up a push to a preview that stands', async () => {
    const pass = given()
    await pass.reconcile()
    pass.agent = leaving
    pass.forge = found({ sha: shaB })
    await pass.reconcile()
    expect(pass.repository.commits.at(-1)?.message).toContain('update to d4e5f6a')
  })

  it('that nobody deletes is taken over once its manifest went two minutes ago', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ state: 'closed' })
    await pass.reconcile()
    pass.agent = { ...leaving, since: null }
    pass.forge = found()
    await pass.reconcile()
    expect(pass.repository.files()).toEqual(['apps/mayfly.yml'])
    await pass.clock.advance(121_000)
    await pass.reconcile()
    expect(pass.repository.files()).toContain('apps/shop-142-cart.yml')
  })

  it('a cluster that does not answer holds nobody up', async () => {
    const pass = given()
    pass.agent = new RetryLater('502')
    await pass.reconcile()
    expect(pass.repository.files()).toContain('apps/shop-142-cart.yml')
  })
})

describe('how long a removal took', () => {
  const leaving: Observation = { kind: 'removing', why: 'a pod', details: [], held: false, since: null }

  it('is said by who saw it, when an event triggered it', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ state: 'merged' })
    pass.agent = leaving
    await pass.reconcile()
    await pass.clock.advance(8_000)
    pass.agent = { kind: 'absent' }
    await pass.reconcile()
    expect(pass.comment()).toContain('Removed 8 s after the merge, namespace included')
  })

  it('is not said of one that the sweep found', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ state: 'merged' })
    pass.agent = leaving
    await pass.reconcile('sweep')
    await pass.clock.advance(8_000)
    pass.agent = { kind: 'absent' }
    await pass.reconcile('sweep')
    expect(pass.comment()).not.toContain('after the merge')
  })
})
