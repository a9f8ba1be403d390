import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { createBullmqQueue } from '../../src/queue/bullmq.ts'
import type { Queue } from '../../src/queue/port.ts'
import { queueContract } from '../contract/queue.ts'
import { redisMissing, startRedis, type TestRedis } from '../support/redis.ts'
import { createCapturedLog } from '../support/captured-log.ts'

const shared: { redis: TestRedis | null } = { redis: null }

beforeAll(async () => {
  if (redisMissing === null) shared.redis = await startRedis()
})
afterAll(async () => {
  await shared.redis?.remove()
})

queueContract(
  'the queue on Redis',
  () => {
    const queues: Queue[] = []
    const prefix = `test-${randomUUID()}`
    return Promise.resolve({
      queue: async (options) => {
        const url = secret(shared.redis?.url ?? '')
        const queue = await createBullmqQueue({
          ...options,
          url,
          prefix,
          random: Math.random,
          log: createCapturedLog(),
        })
        queues.push(queue)
        return queue
      },
      close: async () => {
        for (const queue of queues) await queue.stop(0)
      },
    })
  },
  redisMissing,
)
