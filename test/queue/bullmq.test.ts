import { afterAll, beforeAll, it } from 'vitest'
import { type QueueStore, queueContract } from '../contract/queue.ts'
import { expectStormHolds } from '../contract/queue-storm.ts'
import { redisMissing, startRedis, type TestRedis } from '../support/redis.ts'
import { createRedisQueues } from '../support/redis-queues.ts'

const shared: { redis: TestRedis | null } = { redis: null }

beforeAll(async () => {
  if (redisMissing === null) shared.redis = await startRedis()
})
afterAll(async () => {
  await shared.redis?.remove()
})

queueContract('the queue on Redis', open, redisMissing)

it.for([1, 2])(
  'law 5: on Redis, with %d replica(s), no schedule of adds and endings runs a key twice at once or loses an event or a hint',
  { timeout: 60_000 },
  async (replicas, context) => {
    context.skip(redisMissing !== null, redisMissing ?? '')
    await expectStormHolds(open, { replicas, numRuns: 25 })
  },
)

function open(): Promise<QueueStore> {
  if (shared.redis === null) throw new Error('Redis was not started')
  return Promise.resolve(createRedisQueues(shared.redis))
}
