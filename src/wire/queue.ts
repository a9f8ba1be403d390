import type { Clock, Random } from '../pace/clock.ts'
import type { QueueConfig } from '../config/config.ts'
import type { Log } from '../log.ts'
import type { Backoff } from '../pace/backoff.ts'
import { createInProcessQueue } from '../queue/in-process.ts'
import type { Queue } from '../queue/port.ts'

export interface QueueParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** When a failed pass comes back. */
  readonly backoff: Backoff
}

/** BullMQ where a Redis is configured, else in-process. BullMQ is loaded only when it is used. */
export async function createQueue(
  { redis, prefix, concurrency }: QueueConfig,
  parts: QueueParts,
): Promise<Queue> {
  if (redis === null) return createInProcessQueue({ concurrency, ...parts })
  const { createBullmqQueue } = await import('../queue/bullmq.ts')
  return createBullmqQueue({ url: redis, prefix, concurrency, ...parts })
}
