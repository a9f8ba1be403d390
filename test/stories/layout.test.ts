import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { type Mayfly, startMayfly } from '../../src/wire.ts'
import { eventually } from '../support/eventually.ts'
import { createWorld, repository, type World } from '../support/world.ts'

describe('the layout of the environment branch', () => {
  const test: { world?: World; other?: Mayfly } = {}

  afterEach(async () => {
    await test.other?.close(10_000)
    await test.world?.close()
  })

  /** The same installation, begun again with another layout. */
  async function startWith(world: World, layout: string): Promise<void> {
    await test.other?.close(10_000)
    await world.stop()
    const text = world.configText.replace(/layout: \w+/, `layout: ${layout}`)
    const { config } = loadConfig({ path: 'mayfly.yaml', text, env: {} })
    test.other = await startMayfly(config, { log: world.log })
  }

  it('directories: each preview has one of its own, from its first commit to its last', async () => {
    const world = await createWorld({ layout: 'directories' })
    test.world = world
    await world.branch.commitForeign({ 'apps/shop-1-cart/kept.yml': 'kind: Kept\n' })
    const number = world.open('cart')
    await world.manifests(['shop-1-cart/kept.yml', 'shop-1-cart/preview.yml'])
    await world.says(number, '`apps/shop-1-cart/preview.yml`')
    const sha = world.forge.actions.push(repository, number)
    await eventually(async () => {
      expect(await world.branch.file('apps/shop-1-cart/preview.yml')).toContain(sha)
    })
    world.forge.actions.setState(repository, number, 'merged')
    await world.manifests(['shop-1-cart/kept.yml'])
    await world.says(number, 'Removed')
  })

  it('a switch moves each manifest in one commit, there and back, and law 6: then does nothing', async () => {
    const world = await createWorld()
    test.world = world
    world.open('cart')
    const merged = world.open('login')
    await world.manifests(['shop-1-cart.yml', 'shop-2-login.yml'])
    const before = (await world.branch.commits()).length
    await world.stop()
    world.forge.actions.setState(repository, merged, 'merged')
    await startWith(world, 'directories')
    await world.manifests(['shop-1-cart/preview.yml'])
    const touched = async () =>
      (await world.branch.commits()).slice(before).map((commit) => commit.touched.toSorted())
    expect((await touched()).toSorted()).toEqual([
      ['A apps/shop-1-cart/preview.yml', 'D apps/shop-1-cart.yml'],
      ['D apps/shop-2-login.yml'],
    ])
    const [moved] = (await world.branch.commits()).filter(({ subject }) => subject.includes('was'))
    expect(moved?.subject).toMatch(/^preview shop-1-cart: update to \w{7} \(was apps\/shop-1-cart\.yml\)$/)
    await startWith(world, 'files')
    await world.manifests(['shop-1-cart.yml'])
    const commits = (await touched()).length
    // What is looked at after the others: then nothing more is to come of that sweep.
    world.open('marker')
    await startWith(world, 'files')
    await world.manifests(['shop-1-cart.yml', 'shop-3-marker.yml'])
    expect((await touched()).slice(commits)).toEqual([['A apps/shop-3-marker.yml']])
  })
})
