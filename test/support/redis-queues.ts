import { randomUUID } from 'node:crypto'
import { secret } from '../../src/config/secret.ts'
import { type BullmqOptions, createBullmqQueue } from '../../src/queue/bullmq.ts'
import type { Queue } from '../../src/queue/port.ts'
import { type CapturedLog, createCapturedLog } from './captured-log.ts'
import type { TestRedis } from './redis.ts'

export type QueueOptions = Partial<Omit<BullmqOptions, 'log'>>

/** Queues on one Redis below one prefix of their own: the replicas of one installation. */
export interface RedisQueues {
  readonly prefix: string
  readonly log: CapturedLog
  /** Concurrency 1 and failed looks after 1 ms, unless told otherwise. */
  queue(options?: QueueOptions): Promise<Queue>
  close(): Promise<void>
}

export function createRedisQueues(redis: TestRedis): RedisQueues {
  const queues: Queue[] = []
  const prefix = `test-${randomUUID()}`
  const log = createCapturedLog()
  const usual = { url: secret(redis.url), prefix, concurrency: 1, random: Math.random, backoff: () => 1, log }
  return {
    prefix,
    log,
    queue: async (options = {}) => {
      const queue = await createBullmqQueue({ ...usual, ...options })
      queues.push(queue)
      return queue
    },
    close: async () => {
      await Promise.all(queues.map((queue) => queue.stop(0)))
    },
  }
}

/** A test that broke Redis must not wait for the usual half minutes. */
export const quickTimings = {
  connectMs: 1_000,
  answerMs: 500,
  lockMs: 600,
  stalledCheckMs: 200,
  stuckAfterMs: 300,
  busyMs: 20,
  pauseAfterErrorMs: 50,
  clockCheckMs: 20,
}
