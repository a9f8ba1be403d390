import { afterEach, describe, expect, it } from 'vitest'
import { createWorld, repository, type World } from '../support/world.ts'

describe('K9: two previews of one application with one URL', () => {
  let world: World

  afterEach(() => world.close())

  it.each(['https://{{slug}}.preview.acme.dev', 'https://preview.acme.dev/{{slug}}/'])(
    '%s: the second is refused and both are named; it comes up once the first has ended',
    async (url) => {
      world = await createWorld({ url, sweepEvery: '1s' })
      world.open('feature/cart')
      await world.says(1, 'Deploying')
      world.open('feature-cart')
      await world.says(2, 'Refused', 'shop/2', 'shop/1', 'apps/shop-1-feature-cart.yml')
      await world.manifests(['shop-1-feature-cart.yml'])
      // Also after a restart, and a new commit of the first does not lose it.
      await world.stop()
      await world.start()
      world.forge.actions.push(repository, 2)
      const sha = world.forge.actions.push(repository, 1)
      await world.says(1, 'Deploying', sha.slice(0, 7))
      await world.says(2, 'Refused', 'shop/1')
      world.forge.actions.setState(repository, 1, 'merged')
      await world.manifests(['shop-2-feature-cart.yml'])
      await world.says(2, 'Deploying')
    },
  )

  it('of two that were written in one moment the older one keeps it', async () => {
    world = await createWorld({ url: 'https://{{slug}}.preview.acme.dev', sweepEvery: '1s' })
    await world.stop()
    world.open('feature/cart')
    world.open('feature-cart')
    await world.start()
    await world.says(1, 'Deploying')
    await world.says(2, 'Refused', 'shop/1')
  })

  it('a name or a number in the URL is enough, and leaves manifests as they were', async () => {
    world = await createWorld({ url: 'https://{{slug}}-{{number}}.preview.acme.dev' })
    world.open('feature/cart')
    world.open('feature-cart')
    await world.manifests(['shop-1-feature-cart.yml', 'shop-2-feature-cart.yml'])
    expect(await world.branch.file('apps/shop-1-feature-cart.yml')).not.toContain('mayfly.dev/url')
  })
})
