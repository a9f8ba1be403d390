import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { redisMissing, startRedis, type TestRedis } from '../support/redis.ts'
import { createWorld, repository, type World } from '../support/world.ts'

describe('a Redis that comes and goes', () => {
  const begun: { redis?: TestRedis; world?: World } = {}

  beforeEach((context) => {
    if (redisMissing !== null) context.skip(redisMissing)
  })

  afterEach(async () => {
    await begun.world?.close()
    await begun.redis?.remove()
  })

  async function begin(): Promise<{ readonly redis: TestRedis; readonly world: World }> {
    const redis = await startRedis()
    begun.redis = redis
    const world = await createWorld({ sweepEvery: '1s', config: `queue: { redis: '${redis.url}' }` })
    begun.world = world
    return { redis, world }
  }

  it('law 2: killed and restarted empty: webhooks get 503 meanwhile, and the sweep finds everything again', async () => {
    const { redis, world } = await begin()
    world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    await redis.kill()
    world.open('missed')
    world.forge.actions.setState(repository, 1, 'closed')
    await world.forge.webhooks.settled()
    const health = await fetch(`${world.mayfly().url}/healthz`)
    expect(health.status).toBe(200)
    await expect
      .poll(async () => (await fetch(`${world.mayfly().url}/readyz`)).status, { timeout: 30_000 })
      .toBe(503)
    await redis.restart()
    await world.manifests(['shop-2-missed.yml'], 30_000)
    await expect
      .poll(async () => (await fetch(`${world.mayfly().url}/readyz`)).status, { timeout: 30_000 })
      .toBe(200)
  })

  it('law 10: no secret is in it, and law 1: nothing but keys', async () => {
    const { redis, world } = await begin()
    for (let number = 1; number <= 5; number += 1) world.open(`b${number}`)
    await world.manifests([1, 2, 3, 4, 5].map((number) => `shop-${number}-b${number}.yml`))
    const dump: string[] = []
    for (const key of await redis.client.keys('*')) dump.push(key, await redis.client.dump(key))
    const text = dump.join('\n')
    expect(text).not.toMatch(/canary/)
    expect(text).not.toMatch(/preview\.acme\.dev|A developer/)
  })
})
