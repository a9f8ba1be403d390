import { describe, expect, it } from 'vitest'
import { commitVerdict } from '../../src/preview/commit-status.ts'
import { type PreviewEnd, type PreviewFacts, statusOf } from '../../src/preview/status-of.ts'
import type { Observation } from '../../src/preview/observation.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import { shaA, shaB } from './fixtures.ts'

function finding(end: PreviewEnd = { kind: 'stands' }): PreviewFacts {
  return {
    preview: previewId('shop', 142),
    application: 'shop',
    number: 142,
    name: 'shop-142-cart',
    namespace: 'preview-shop-142-cart',
    url: 'https://shop-142-cart.preview.acme.dev',
    sha: shaB,
    manifest: { path: 'apps/shop-142-cart.yml', commit: shaA, sha: shaB },
    changedAt: new Date('2026-11-21T10:42:07Z'),
    byEvent: true,
    end,
  }
}

const removed: PreviewEnd = {
  kind: 'removed',
  why: 'the merge request was merged',
  removal: { cause: 'merged', commit: shaA, livedMs: 1, deploys: 1, goneAfterMs: null },
}

const since = new Date('2026-11-21T10:42:00Z')
const removing = { kind: 'removing', details: [], held: true, since } as const

describe('law 12: the status is true of the newest commit, or says which older one it is about', () => {
  it('an old healthy deployment is not ready for a new push: serving the old, deploying the new', () => {
    const status = statusOf(finding(), { kind: 'ready', serving: shaA, since })
    expect(status).toMatchObject({ state: 'deploying', sha: shaB, servingSha: shaA })
    expect(status.message).toContain(shaA.slice(0, 7))
    expect(commitVerdict(status)?.state).toBe('pending')
  })

  it('ready only at this very commit', () => {
    const status = statusOf(finding(), { kind: 'ready', serving: shaB, since })
    expect(status).toMatchObject({ state: 'ready', servingSha: shaB })
    expect(commitVerdict(status)?.state).toBe('success')
  })

  it('nobody watched: never ready, and it says so', () => {
    const status = statusOf(finding(), { kind: 'unwatched' })
    expect(status).toMatchObject({ state: 'deploying', watched: false, servingSha: null })
    expect(status.message).toContain('readiness is not known')
  })

  it('since when: a commit of ours tells for what it began, the agent for what only it knows', () => {
    const at = finding().changedAt
    expect(statusOf(finding(), { kind: 'unwatched' }).since).toEqual(at)
    expect(statusOf(finding(removed), { kind: 'absent' }).since).toEqual(at)
    expect(statusOf(finding(), { kind: 'ready', serving: shaB, since }).since).toEqual(since)
    expect(statusOf(finding(), { kind: 'ready', serving: shaA, since }).since).toEqual(at)
    const stuck = finding({ kind: 'stuck', state: 'waiting', message: 'the forge is away' })
    expect(statusOf(stuck, { kind: 'unwatched' }).since).toBeNull()
  })

  it('removed only once namespace and agent are done, or nobody can know', () => {
    expect(statusOf(finding(removed), { kind: 'ready', serving: shaB, since }).state).toBe('removing')
    expect(statusOf(finding(removed), { ...removing, why: 'a finalizer holds it' })).toMatchObject({
      state: 'removing',
      message: 'a finalizer holds it',
    })
    expect(statusOf(finding(removed), { kind: 'absent' }).state).toBe('removed')
    expect(statusOf(finding(removed), { kind: 'unwatched' }).state).toBe('removed')
  })

  it.each<[Observation, string]>([
    [{ kind: 'degraded', serving: shaB, why: 'web crashes', details: ['pod web-1'], since }, 'degraded'],
    [{ kind: 'failed', serving: shaA, why: 'no such image', details: [], since }, 'failed'],
    [{ kind: 'absent' }, 'deploying'],
    [{ ...removing, why: 'a finalizer holds it' }, 'waiting'],
  ])('%j is %s', (observation, state) => {
    expect(statusOf(finding(), observation).state).toBe(state)
  })

  it('a commit status fits into its line and is quiet about ends', () => {
    const long = statusOf(finding({ kind: 'stuck', state: 'failed', message: 'x'.repeat(300) }), {
      kind: 'unwatched',
    })
    expect(commitVerdict(long)?.description).toHaveLength(140)
    expect(commitVerdict(long)?.state).toBe('failure')
    expect(commitVerdict(statusOf(finding(removed), { kind: 'unwatched' }))).toBeNull()
  })
})
