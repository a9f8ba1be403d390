import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type FaultyForge, startFaultyForge } from '../support/faulty-forge.ts'
import { ask } from '../support/http-post.ts'
import { createWorld, repository, type World } from '../support/world.ts'

interface Readyz {
  readonly ready: boolean
  readonly reasons: readonly string[]
  readonly warnings: readonly string[]
}

describe('a token that lacks a right', () => {
  let world: World
  let proxy: FaultyForge | null = null

  beforeEach(async () => {
    world = await createWorld({
      sweepEvery: '300ms',
      through: async (url) => {
        proxy = await startFaultyForge(url)
        return proxy.url
      },
    })
  })

  afterEach(async () => {
    proxy?.heal()
    await world.close()
    await proxy?.close()
  })

  async function readyz(): Promise<{ readonly status: number; readonly body: Readyz }> {
    const { status, text } = await ask(`${world.mayfly().url}/readyz`)
    return { status, body: JSON.parse(text) as Readyz }
  }

  function logged(sentence: string): readonly object[] {
    return world.log.lines.filter((line) => line.sentence === sentence)
  }

  it('to comment: previews go on, /readyz stays 200 and names the right, the log says it once, and both tell the end', async () => {
    const first = world.open('cart')
    await world.says(first, 'Deploying')
    proxy?.break({ fault: '403', when: ({ method, path }) => method !== 'GET' && path.includes('/comments') })
    const sha = world.forge.actions.push(repository, first)
    world.open('basket')
    await world.manifests(['shop-1-cart.yml', 'shop-2-basket.yml'])
    await eventually(async () => {
      const { status, body } = await readyz()
      expect([status, body.ready, body.reasons]).toEqual([200, true, []])
      expect(body.warnings).toEqual([
        expect.stringMatching(/may not .*comment.* needs the right `write:issue`/),
      ])
    })
    await eventually(async () => {
      expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(sha)
    })
    const metrics = await ask(`${world.mayfly().url}/metrics`)
    expect(metrics.text).toContain('mayfly_forge_refusals{forge="gitea",member="publishComment"} 1')

    proxy?.heal()
    const third = world.open('till')
    await world.says(third, 'Deploying')
    await eventually(async () => {
      expect((await readyz()).body.warnings).toEqual([])
    })
    expect(logged('a forge refuses our token')).toMatchObject([
      { level: 'error', facts: { forge: 'gitea', repository, right: 'write:issue' } },
    ])
    expect(logged('a forge takes our token again')).toMatchObject([{ level: 'info' }])
    expect(logged('the forge refuses a report')).toEqual([])
  })

  it('to anything at all: nothing is removed, and the sweep that fails is told beside the refusal', async () => {
    world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    proxy?.break({ fault: '401' })
    await eventually(async () => {
      const { status, body } = await readyz()
      expect(status).toBe(200)
      expect(body.warnings).toEqual(
        expect.arrayContaining([
          expect.stringContaining('the token is wrong, expired or withdrawn'),
          expect.stringMatching(/^gitea:acme\/shop: no sweep was complete since .* failed\.$/),
        ]),
      )
    })
    await world.manifests(['shop-1-cart.yml'])
    proxy?.heal()
    await eventually(async () => {
      expect((await readyz()).body.warnings.filter((one) => one.startsWith('gitea:acme/shop'))).toEqual([])
    })
  })
})
