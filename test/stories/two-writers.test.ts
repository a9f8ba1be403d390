import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { redisMissing, startRedis, type TestRedis } from '../support/redis.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { isThorough } from '../support/thorough.ts'
import { canaries, createWorld, repository, type World } from '../support/world.ts'

const cap = 2
const histories = isThorough ? 8 : 2

describe('two replicas on one Redis', () => {
  const begun: { redis?: TestRedis; world?: World; other?: Awaited<ReturnType<World['startReplica']>> } = {}

  beforeEach((context) => {
    if (redisMissing !== null) context.skip(redisMissing)
  })

  afterEach(async () => {
    await begun.other?.close(5_000)
    await begun.world?.close()
    await begun.redis?.remove()
  })

  it.each(Array.from({ length: histories }, (_, at) => at + 1))(
    'never hold more places than there are, at any commit of the branch, and use them all: history %i',
    async (seed) => {
      const redis = await startRedis()
      begun.redis = redis
      const config = `queue: { redis: '${redis.url}' }\nlimits: { total: ${cap} }`
      const world = await createWorld({ config, sweepEvery: '1s' })
      begun.world = world
      const other = await world.startReplica()
      begun.other = other
      const random = seededRandom(seed)
      const doors = [world.mayfly().url, other.url]
      const open: number[] = []
      for (let step = 0; step < 24; step += 1) {
        const url = `${doors[Math.floor(random() * 2)] ?? ''}/webhooks/gitea`
        world.forge.webhooks.deliverTo({ url, secret: canaries.webhookSecret })
        const ended = open[Math.floor(random() * open.length)]
        if (random() < 0.6 || ended === undefined) open.push(world.open(`b${step}`))
        else {
          world.forge.actions.setState(repository, ended, random() < 0.5 ? 'merged' : 'closed')
          open.splice(open.indexOf(ended), 1)
        }
        if (random() < 0.3) await world.forge.webhooks.settled()
      }
      await expect
        .poll(async () => (await world.branch.files()).filter((name) => name.startsWith('shop-')).length, {
          timeout: 60_000,
        })
        .toBe(Math.min(cap, open.length))
      expect(Math.max(...(await placesTaken(world)))).toBeLessThanOrEqual(cap)
    },
    120_000,
  )
})

/** How many previews stood after each commit of the branch. */
async function placesTaken({ branch }: World): Promise<readonly number[]> {
  const standing = new Set<string>()
  return (await branch.commits()).map(({ subject, trailers }) => {
    const preview = trailers['Mayfly-Preview'] ?? ''
    if (subject.includes(': create at ')) standing.add(preview)
    if (subject.includes(': remove: ')) standing.delete(preview)
    return standing.size
  })
}
