import { describe, expect, it } from 'vitest'
import { commitSha } from '../../src/preview/brand.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import type { PreviewStatus } from '../../src/preview/status.ts'
import { createPreviewRegistry } from '../../src/report/preview-registry.ts'
import { ask } from '../support/http-post.ts'
import { openDoor } from './open-door.ts'

const sha = commitSha('d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3')
const key = mergeRequestKey({ forge: 'github', repository: 'acme/shop', number: 142 })

const status: PreviewStatus = {
  preview: previewId('shop', 142),
  application: 'shop',
  number: 142,
  name: 'shop-142-cart',
  namespace: 'preview-shop-142-cart',
  url: 'https://shop-142-cart.preview.acme.dev',
  state: 'deploying',
  message: 'Written to dynamic-envs.',
  details: ['one'],
  rulings: [],
  advice: '',
  sha,
  servingSha: null,
  manifest: { path: 'apps/shop-142-cart.yml', commit: sha },
  watched: true,
  fromCluster: true,
  forPeople: false,
  since: null,
  pushedAt: null,
  removal: null,
}
const facts = {
  status,
  mergeRequestUrl: 'https://github.com/acme/shop/pull/142',
  branch: 'feature/cart',
  author: 'dev',
}

function boardAt(start: string) {
  const time = { now: Date.parse(start) }
  return {
    time,
    registry: createPreviewRegistry({ now: () => new Date(time.now), monotonicMs: () => time.now }),
  }
}

function numbered(number: number, state: PreviewStatus['state']): PreviewStatus {
  return { ...status, preview: previewId('shop', number), number, name: `shop-${number}`, state }
}

describe('GET /api/previews', () => {
  it('gives every field of the contract', async () => {
    const { registry } = boardAt('2026-11-21T10:42:00Z')
    registry.record(key, facts)
    const door = await openDoor({}, { previews: () => registry.records() })
    const record = {
      name: 'shop-142-cart',
      application: 'shop',
      number: 142,
      mergeRequestUrl: 'https://github.com/acme/shop/pull/142',
      branch: 'feature/cart',
      author: 'dev',
      url: 'https://shop-142-cart.preview.acme.dev',
      namespace: 'preview-shop-142-cart',
      state: 'deploying',
      message: 'Written to dynamic-envs.',
      sha,
      servingSha: null,
      since: '2026-11-21T10:42:00.000Z',
      updatedAt: '2026-11-21T10:42:00.000Z',
      manifest: { path: 'apps/shop-142-cart.yml', commit: sha },
    }
    expect(JSON.parse((await ask(`${door.url}/api/previews`)).text)).toEqual({ previews: [record] })
    expect(JSON.parse((await ask(`${door.url}/api/previews/shop-142-cart`)).text)).toEqual(record)
  })

  it('gives null where nothing is known, never leaves a field out', () => {
    const { registry } = boardAt('2026-11-21T10:42:00Z')
    registry.record(key, {
      status: { ...status, url: null, sha: null, manifest: null },
      mergeRequestUrl: null,
      branch: null,
      author: null,
    })
    expect(Object.keys(registry.records()[0] ?? {})).toHaveLength(15)
    expect(registry.records()[0]).toMatchObject({
      mergeRequestUrl: null,
      branch: null,
      author: null,
      url: null,
      sha: null,
      manifest: null,
    })
  })

  it('is empty at first, 404 in JSON for an unknown name', async () => {
    const door = await openDoor()
    expect(JSON.parse((await ask(`${door.url}/api/previews`)).text)).toEqual({ previews: [] })
    for (const name of ['nobody', '__proto__', '..%2f..%2fetc%2fpasswd', '%00']) {
      const answer = await ask(`${door.url}/api/previews/${name}`)
      expect([answer.status, Object.keys(JSON.parse(answer.text) as object)]).toEqual([404, ['error']])
    }
  })
})

describe('the registry', () => {
  it('since is the last change of the state, updatedAt the last change of anything', () => {
    const { registry, time } = boardAt('2026-11-21T10:00:00Z')
    registry.record(key, facts)
    time.now += 60_000
    registry.record(key, { ...facts, status: { ...status, message: 'Still at it.' } })
    time.now += 60_000
    registry.record(key, { ...facts, status: { ...status, message: 'Still at it.' } })
    expect(registry.records()[0]).toMatchObject({
      since: '2026-11-21T10:00:00.000Z',
      updatedAt: '2026-11-21T10:01:00.000Z',
    })
    registry.record(key, { ...facts, status: { ...status, state: 'ready' } })
    expect(registry.records()[0]).toMatchObject({
      since: '2026-11-21T10:02:00.000Z',
      updatedAt: '2026-11-21T10:02:00.000Z',
    })
  })

  it('keeps what the forge no longer tells', () => {
    const { registry } = boardAt('2026-11-21T10:00:00Z')
    registry.record(key, facts)
    registry.record(key, {
      status: { ...status, state: 'removing' },
      mergeRequestUrl: null,
      branch: null,
      author: null,
    })
    expect(registry.records()[0]).toMatchObject({ branch: 'feature/cart', author: 'dev', state: 'removing' })
  })

  it('sorts by name, counts by state, follows a new name, and forgets', () => {
    const { registry } = boardAt('2026-11-21T10:00:00Z')
    for (const number of [30, 4, 100]) registry.record(key, { ...facts, status: numbered(number, 'ready') })
    registry.record(key, { ...facts, status: { ...numbered(4, 'failed'), name: 'shop-4-new' } })
    expect(registry.records().map(({ name }) => name)).toEqual(['shop-100', 'shop-30', 'shop-4-new'])
    expect(registry.counts()).toMatchObject({ ready: 2, failed: 1, removed: 0 })
    registry.forget(previewId('shop', 4))
    expect(registry.records().map(({ name }) => name)).toEqual(['shop-100', 'shop-30'])
  })

  it('finds whose name it is that it shows, and nobody by a name of before', () => {
    const { registry } = boardAt('2026-11-21T10:00:00Z')
    registry.record(key, facts)
    expect(registry.find('shop-142-cart')).toEqual({ key, preview: 'shop/142' })
    registry.record(key, { ...facts, status: { ...status, name: 'shop-142-new' } })
    expect(registry.find('shop-142-cart')).toBeNull()
    expect(registry.find('__proto__')).toBeNull()
  })

  it('keeps removed previews for an hour, at most 500 of them, and never drops another', () => {
    const { registry, time } = boardAt('2026-11-21T10:00:00Z')
    registry.record(key, { ...facts, status: numbered(1, 'ready') })
    for (let number = 2; number <= 702; number += 1)
      registry.record(key, { ...facts, status: numbered(number, 'removed') })
    expect(registry.counts()).toMatchObject({ ready: 1, removed: 500 })
    expect(registry.records().some(({ number }) => number === 702)).toBe(true)
    time.now += 60 * 60_000
    expect(registry.counts().removed).toBe(500)
    time.now += 1
    expect(registry.counts()).toMatchObject({ ready: 1, removed: 0 })
  })
})

describe('which merge requests have a commit as their head', () => {
  const other = mergeRequestKey({ forge: 'github', repository: 'acme/shop', number: 143 })

  it('are those of that forge, repository and commit, each once', () => {
    const { registry } = boardAt('2026-11-21T10:42:00Z')
    registry.record(key, facts)
    registry.record(key, { ...facts, status: { ...status, preview: previewId('docs', 142) } })
    registry.record(other, { ...facts, status: numbered(143, 'waiting') })
    expect(registry.keysAt('github', 'acme/shop', sha)).toEqual([key, other])
    expect(registry.keysAt('gitea', 'acme/shop', sha)).toEqual([])
    expect(registry.keysAt('github', 'acme/docs', sha)).toEqual([])
    expect(registry.keysAt('github', 'acme/shop', sha.replace('d', 'e'))).toEqual([])
    // A tag of an image is often only the beginning of a commit's id.
    expect(registry.keysAt('github', 'acme/shop', sha.slice(0, 7))).toEqual([key, other])
  })

  it('are none that have ended, and none by a commit that is no longer their head', () => {
    const { registry } = boardAt('2026-11-21T10:42:00Z')
    registry.record(key, facts)
    registry.record(other, { ...facts, status: numbered(143, 'removed') })
    const next = commitSha('e'.repeat(40))
    registry.record(key, { ...facts, status: { ...status, sha: next } })
    expect(registry.keysAt('github', 'acme/shop', sha)).toEqual([])
    expect(registry.keysAt('github', 'acme/shop', next)).toEqual([key])
  })
})
