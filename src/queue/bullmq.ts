import { Queue as BullQueue } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Clock, type Random, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Backoff, backoff } from './backoff.ts'
import { addKey } from './bullmq-add.ts'
import { addHint } from './bullmq-hint.ts'
import { type JobData, type BullmqContext, queueName, type Timings, usualTimings } from './bullmq-context.ts'
import { bullmqState } from './bullmq-state.ts'
import { stopWorker, type RunningWorker, startWorker } from './bullmq-worker.ts'
import { checkServer } from './check-server.ts'
import type { Reconcile, Queue } from './port.ts'
import {
  connect,
  producerOptions,
  type RedisUrl,
  redisAddress,
  logConnectionChanges,
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
  logConnectionChanges(client, where, log)
  const skipVersionCheck = await checked(client, where, log)
  const parts: BullmqContext = {
    queue: openQueue(client, prefix),
    client,
    openWorkerClient: () => address.open(workerOptions),
    prefix,
    skipVersionCheck,
    where,
    concurrency: options.concurrency,
    clock,
    random: options.random,
    backoff: options.backoff ?? backoff,
    log,
    timings,
    running: new Map(),
    hinted: new Set(),
    movement: { started: false, stopped: false, lastMs: clock.now().getTime() },
  }
  return queueOf(parts)
}

function queueOf(parts: BullmqContext): Queue {
  const watch: Processing = { running: null, over: new AbortController() }
  return {
    add: (key, prompt) => (prompt === 'hint' ? addHint(parts, key) : addKey(parts, key, prompt)),
    start: (look) => {
      parts.movement.started = true
      parts.movement.lastMs = parts.clock.now().getTime()
      watch.running = startWorker(parts, look)
      void replaceWhenStuck(parts, look, watch)
      return Promise.resolve()
    },
    state: () => bullmqState(parts),
    stop: (deadlineMs) => stop(parts, watch, deadlineMs),
  }
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

/** The side that looks, beside the one that adds. */
interface Processing {
  running: RunningWorker | null
  readonly over: AbortController
}

/** Workers of BullMQ were seen to wait for ever after a failover: one that does not move is replaced by a new one. */
async function replaceWhenStuck(parts: BullmqContext, look: Reconcile, watch: Processing): Promise<void> {
  const { clock, timings, log } = parts
  try {
    await clock.sleep(timings.stuckAfterMs, watch.over.signal)
  } catch {
    return
  }
  const { trouble, waiting } = await bullmqState(parts)
  if (trouble !== null && waiting > 0 && !watch.over.signal.aborted) {
    log.error({ trouble }, 'the queue does not move; its worker is replaced')
    const old = watch.running
    watch.running = startWorker(parts, look)
    if (old !== null) await stopWorker(parts, old, false)
  }
  void replaceWhenStuck(parts, look, watch)
}

async function stop(parts: BullmqContext, watch: Processing, deadlineMs: number): Promise<void> {
  const { clock, log, running, movement } = parts
  movement.stopped = true
  watch.over.abort()
  const { running: hands } = watch
  await hands?.worker.pause(true)
  const ended = Promise.all(running.values())
  const late = (): Error => new Error('the deadline has passed')
  const graceful = await within(ended, { ms: deadlineMs, clock, late }).then(
    () => true,
    () => false,
  )
  if (!graceful)
    log.warn({ active: running.size }, 'stopped with looks still running; another replica takes them over')
  if (hands !== null) await stopWorker(parts, hands, graceful)
  await parts.queue.close().catch(() => undefined)
  parts.client.disconnect()
}
