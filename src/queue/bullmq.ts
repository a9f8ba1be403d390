import { Queue as BullQueue } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Clock, type Random, systemClock } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import { type Backoff, backoff } from '../pace/backoff.ts'
import { addKey } from './bullmq-add.ts'
import { addHint } from './bullmq-hint.ts'
import { type JobData, type BullmqContext, queueName, type Timings, usualTimings } from './bullmq-context.ts'
import { hurryAfterSetBack } from './bullmq-set-back.ts'
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
import { withDeadline } from '../pace/deadline.ts'

export interface BullmqOptions {
  readonly url: RedisUrl
  /** Before every key in Redis: two installations on one Redis do not meet. */
  readonly prefix: string
  /** Passes at once in this process. */
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
  const context: BullmqContext = {
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
    progress: { started: false, stopped: false, lastMs: clock.monotonicMs() },
  }
  return queueOf(context)
}

function queueOf(context: BullmqContext): Queue {
  const processing: Processing = { running: null, over: new AbortController() }
  return {
    add: (key, trigger) => (trigger === 'hint' ? addHint(context, key) : addKey(context, key, trigger)),
    start: (reconcile) => {
      context.progress.started = true
      context.progress.lastMs = context.clock.monotonicMs()
      processing.running = startWorker(context, reconcile)
      void replaceWhenStuck(context, reconcile, processing)
      void hurryAfterSetBack(context, processing.over.signal)
      return Promise.resolve()
    },
    state: () => bullmqState(context),
    stop: (deadlineMs) => stop(context, processing, deadlineMs),
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
  // Every failed command rejects where it was sent; without a listener the event would end the process.
  queue.on('error', () => undefined)
  return queue
}

/** The side that takes keys, beside the one that adds them. */
interface Processing {
  running: RunningWorker | null
  readonly over: AbortController
}

/** Workers of BullMQ were seen to wait for ever after a failover: one that does not move is replaced by a new one. */
async function replaceWhenStuck(
  context: BullmqContext,
  reconcile: Reconcile,
  processing: Processing,
): Promise<void> {
  const { clock, timings, log } = context
  try {
    await clock.sleep(timings.stuckAfterMs, processing.over.signal)
  } catch {
    return
  }
  const { trouble, waiting } = await bullmqState(context)
  if (trouble !== null && waiting > 0 && !processing.over.signal.aborted) {
    log.error({ trouble }, 'the queue does not move; its worker is replaced')
    const old = processing.running
    processing.running = startWorker(context, reconcile)
    if (old !== null) await stopWorker(context, old, false)
  }
  void replaceWhenStuck(context, reconcile, processing)
}

async function stop(context: BullmqContext, processing: Processing, deadlineMs: number): Promise<void> {
  const { clock, log, running, progress } = context
  progress.stopped = true
  processing.over.abort()
  const worker = processing.running
  await worker?.worker.pause(true)
  const ended = Promise.all(running.values())
  const late = (): Error => new Error('the deadline has passed')
  const graceful = await withDeadline(ended, { ms: deadlineMs, clock, late }).then(
    () => true,
    () => false,
  )
  if (!graceful)
    log.warn({ active: running.size }, 'stopped with looks still running; another replica takes them over')
  if (worker !== null) await stopWorker(context, worker, graceful)
  await context.queue.close().catch(() => undefined)
  context.client.disconnect()
}
