import { afterEach, beforeEach } from 'vitest'
import { redisMissing, startRedis, type TestRedis } from './redis.ts'
import { createRedisQueues, type RedisQueues } from './redis-queues.ts'

export interface WithRedis {
  redis(): TestRedis
  queues(): RedisQueues
}

/** A Redis of its own for every test of the suite, and queues on it; skips the suite's tests where there is none. */
export function withRedis(settings: Readonly<Record<string, string>> = {}): WithRedis {
  const now: { redis: TestRedis | null; queues: RedisQueues | null } = { redis: null, queues: null }
  beforeEach(async (context) => {
    context.skip(redisMissing !== null, redisMissing ?? '')
    now.redis = await startRedis(settings)
    now.queues = createRedisQueues(now.redis)
  })
  afterEach(async () => {
    await now.queues?.close()
    await now.redis?.remove()
    now.queues = now.redis = null
  })
  return { redis: () => running(now.redis), queues: () => running(now.queues) }
}

function running<T>(part: T | null): T {
  if (part === null) throw new Error('Redis was not started')
  return part
}
