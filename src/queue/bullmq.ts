import { Queue as BullQueue, type Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Clock, type Random, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Backoff, backoff } from './backoff.ts'
import { addKey } from './bullmq-add.ts'
import { type JobData, type Parts, queueName, type Timings, usualTimings } from './bullmq-parts.ts'
import { bullmqState } from './bullmq-state.ts'
import { startWorker } from './bullmq-worker.ts'
import { checkServer } from './check-server.ts'
import type { Look, Queue } from './port.ts'
import {
  connect,
  producerOptions,
  type RedisUrl,
  redisAddress,
  redisReason,
  tellComingAndGoing,
  workerOptions,
} from './redis.ts'
import { within } from './within.ts'

export interface BullmqOptions {
  readonly url: RedisUrl
  /** Before every key in Redis: two installations on one Redis do not meet. */
  readonly prefix: string
  /** Looks at once in this process. */
  readonly concurrency: number
  readonly clock?: Clock
  readonly random: Random
  readonly log: Log
  readonly backoff?: Backoff
  readonly timings?: Partial<Timings>
}

/**
 * The queue on Redis: survives this process, and any number of replicas share it.
 * @throws Error within `connectMs`, naming host and port, when Redis is away, too old, or may evict keys.
 */
export async function createBullmqQueue(options: BullmqOptions): Promise<Queue> {
  const { prefix, log, clock = systemClock } = options
  const timings = { ...usualTimings, ...options.timings }
  const address = redisAddress(options.url)
  const { where } = address
  const client = address.open(producerOptions(timings.answerMs))
  await connect(client, { where, ms: timings.connectMs, clock })
  tellComingAndGoing(client, where, log)
  const skipVersionCheck = await checked(client, where, log)
  const parts: Parts = {
    queue: openQueue(client, prefix),
    client,
    where,
    concurrency: options.concurrency,
    clock,
    random: options.random,
    backoff: options.backoff ?? backoff,
    log,
    timings,
    running: new Map(),
    movement: { started: false, stopped: false, lastMs: clock.now().getTime() },
  }
  const hands: Hands = { worker: null, client: address.open(workerOptions) }
  return {
    add: (key, prompt) => addKey(parts, key, prompt),
    start: (look) => {
      start(parts, hands, look, { prefix, skipVersionCheck })
      return Promise.resolve()
    },
    state: () => bullmqState(parts),
    stop: (deadlineMs) => stop(parts, hands, deadlineMs),
  }
}

/** The side that looks, beside the one that adds. */
interface Hands {
  worker: Worker<JobData> | null
  readonly client: Redis
}

async function checked(client: Redis, where: string, log: Log): Promise<boolean> {
  try {
    const { version } = await checkServer(client, where, log)
    return version === null
  } catch (error) {
    client.disconnect()
    throw error
  }
}

function openQueue(client: Redis, prefix: string): BullQueue<JobData> {
  const queue = new BullQueue<JobData>(queueName, {
    connection: client,
    prefix,
    skipVersionCheck: true,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
    streams: { events: { maxLen: 100 } },
  })
  // Every failed command is told where it was sent; without a listener the event would end the process.
  queue.on('error', () => undefined)
  return queue
}

function start(
  parts: Parts,
  hands: Hands,
  look: Look,
  how: { readonly prefix: string; readonly skipVersionCheck: boolean },
): void {
  parts.movement.started = true
  parts.movement.lastMs = parts.clock.now().getTime()
  hands.client.on('error', () => undefined)
  hands.client.connect().catch(() => undefined)
  hands.worker = startWorker(parts, look, { ...how, client: hands.client })
}

async function stop(parts: Parts, { worker, client }: Hands, deadlineMs: number): Promise<void> {
  const { clock, log, running, movement } = parts
  movement.stopped = true
  await worker?.pause(true)
  const ended = Promise.all(running.values())
  const late = (): Error => new Error('the deadline has passed')
  const graceful = await within(ended, { ms: deadlineMs, clock, late }).then(
    () => true,
    () => false,
  )
  if (!graceful)
    log.warn({ active: running.size }, 'stopped with looks still running; another replica takes them over')
  await closeWorker(parts, worker, graceful)
  await parts.queue.close().catch(() => undefined)
  parts.client.disconnect()
  client.disconnect()
}

const closingMs = 1_000

async function closeWorker(
  { clock, log }: Parts,
  worker: Worker<JobData> | null,
  graceful: boolean,
): Promise<void> {
  if (worker === null) return
  const late = (): Error => new Error('Redis does not answer')
  await within(worker.close(!graceful), { ms: closingMs, clock, late }).catch((error: unknown) => {
    log.warn({ reason: redisReason(error) }, 'the queue was closed without saying good-bye to Redis')
  })
}
