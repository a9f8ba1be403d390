import { afterEach, describe, expect, it } from 'vitest'
import { type FaultyForge, startFaultyForge } from '../support/faulty-forge.ts'
import { canaries, createWorld, repository, type World } from '../support/world.ts'

describe('two things at once', () => {
  let world: World
  let proxy: FaultyForge | null = null

  afterEach(async () => {
    await world.close()
    await proxy?.close()
    proxy = null
  })

  it('law 3: it is closed while its push waits for its turn, and nobody says so: nothing is written', async () => {
    world = await createWorld({
      pushes: '{ perMinute: 20, burst: 1 }',
      through: async (url) => {
        proxy = await startFaultyForge(url)
        return proxy.url
      },
    })
    const first = world.open('first')
    await world.says(first, 'Deploying')
    let reads = 0
    // The second question about it is the one right before the push.
    proxy?.meanwhile(
      ({ path }) => path === `/repos/${repository}/pulls/2` && ++reads === 2,
      () => {
        world.pull(2).state = 'closed'
      },
    )
    world.open('cart')
    await expect.poll(() => reads, { timeout: 30_000 }).toBe(2)
    const marker = world.open('marker')
    await world.says(marker, 'Deploying')
    await world.manifests(['shop-1-first.yml', 'shop-3-marker.yml'])
    expect((await world.branch.commits()).map(({ subject }) => subject).join()).not.toContain('shop-2')
  })

  it('two replicas without a common queue: what one wrote the other finds and removes, one commit each', async () => {
    world = await createWorld()
    const other = await world.startReplica()
    const sweeps = () => world.log.lines.filter(({ sentence }) => sentence === 'swept').length
    await expect.poll(sweeps, { timeout: 30_000 }).toBe(2)
    try {
      const number = world.open('cart')
      await world.says(number, 'Deploying')
      world.forge.webhooks.deliverTo({ url: `${other.url}/webhooks/gitea`, secret: canaries.webhookSecret })
      world.forge.actions.setState(repository, number, 'merged')
      await world.manifests([])
      await world.says(number, 'Removed')
      expect(await world.branch.commits()).toHaveLength(3)
    } finally {
      await other.close(5_000)
    }
  })
})
