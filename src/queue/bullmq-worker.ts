import { type Job, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'
import { processJob } from './bullmq-job.ts'
import type { Log } from '../log.ts'
import { type JobData, type BullmqContext, queueName } from './bullmq-context.ts'
import type { Reconcile } from './port.ts'
import { redisReason } from './redis.ts'
import { withDeadline } from '../pace/deadline.ts'

/** A worker of BullMQ with its own connections. */
export interface RunningWorker {
  readonly worker: Worker<JobData>
  readonly client: Redis
}

/** Begins to take keys from the queue. */
export function startWorker(context: BullmqContext, reconcile: Reconcile): RunningWorker {
  const client = context.openWorkerClient()
  client.on('error', () => undefined)
  const worker = createWorker(context, client, (job) => processJob(context, worker, reconcile, job))
  logTrouble(context, worker)
  pauseAfterErrors(worker, context.timings.pauseAfterErrorMs, context.clock)
  void keepRunning(context, worker)
  return { worker, client }
}

const closingMs = 1_000

/** Closes the connections, at the latest after a second. `graceful`: no pass is running. */
export async function stopWorker(
  { clock, log }: BullmqContext,
  { worker, client }: RunningWorker,
  graceful: boolean,
): Promise<void> {
  const late = (): Error => new Error('Redis does not answer')
  await withDeadline(worker.close(!graceful), { ms: closingMs, clock, late }).catch((error: unknown) => {
    log.warn({ reason: redisReason(error) }, 'the queue was closed without saying good-bye to Redis')
  })
  client.disconnect()
}

function createWorker(
  context: BullmqContext,
  connection: Redis,
  process: (job: Job<JobData>) => Promise<void>,
): Worker<JobData> {
  const { timings, prefix, skipVersionCheck, concurrency } = context
  return new Worker<JobData>(queueName, process, {
    connection,
    prefix,
    skipVersionCheck,
    autorun: false,
    concurrency,
    lockDuration: timings.lockMs,
    stalledInterval: timings.stalledCheckMs,
    // A key may outlive any number of killed processes.
    maxStalledCount: 1_000_000_000,
    runRetryDelay: timings.pauseAfterErrorMs,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  })
}

function logTrouble(context: BullmqContext, worker: Worker<JobData>): void {
  const { log, clock } = context
  const warnings = createThrottledWarnings(log, clock)
  worker.on('error', (error) => {
    warnings.warn(redisReason(error), 'the queue met an error of Redis and goes on')
  })
  worker.on('stalled', (jobId) => {
    log.warn({ job: jobId }, 'the process that looked at a key went away; the key is taken over')
    dropWhenUnreadable(context, jobId).catch(() => undefined)
  })
}

/** BullMQ's loop should never end by itself; when it does, it begins anew. */
async function keepRunning(context: BullmqContext, worker: Worker<JobData>): Promise<void> {
  if (context.progress.stopped || worker.closing !== undefined) return
  try {
    await worker.run()
  } catch (error) {
    context.log.error({ reason: redisReason(error) }, 'the worker of the queue failed and begins anew')
  }
  await context.clock.sleep(context.timings.pauseAfterErrorMs)
  void keepRunning(context, worker)
}

/** BullMQ polls again at once after an error that is not about the connection (out of memory, wrong type, no login). */
function pauseAfterErrors(worker: Worker<JobData>, ms: number, clock: Clock): void {
  const backend = worker.getBackend()
  const moveToActive = backend.moveToActive.bind(backend)
  backend.moveToActive = (...args) =>
    moveToActive(...args).catch(async (error: unknown) => {
      await clock.sleep(ms)
      throw error
    })
}

/** A job that is no JSON fails before a pass begins and would stall for ever; no worker can be at it. */
async function dropWhenUnreadable({ queue, client, log }: BullmqContext, jobId: string): Promise<void> {
  const job = queue.toKey(jobId)
  if ((await client.hmget(job, 'data', 'opts')).every(isJson)) return
  const lists = client.multi().lrem(queue.toKey('active'), 0, jobId).lrem(queue.toKey('wait'), 0, jobId)
  await lists.srem(queue.toKey('stalled'), jobId).del(job, `${job}:lock`).exec()
  log.warn({ job: jobId }, 'dropped a job that holds no merge request key')
}

function isJson(text: string | null): boolean {
  try {
    JSON.parse(text ?? '{}')
    return true
  } catch {
    return false
  }
}

/** Warns about the same reason once in half a minute, with the number of times it was met: an outage is no flood. */
interface ThrottledWarnings {
  warn(reason: string, sentence: string): void
}

const quietMs = 30_000
const mostReasons = 100

function createThrottledWarnings(log: Log, clock: Clock): ThrottledWarnings {
  const met = createBoundedMap<string, { times: number; readonly sinceMs: number }>(mostReasons)
  return {
    warn: (reason, sentence) => {
      const now = clock.monotonicMs()
      const before = met.get(reason)
      if (before !== undefined && now - before.sinceMs < quietMs) {
        before.times += 1
        return
      }
      met.set(reason, { times: 0, sinceMs: now })
      log.warn({ reason, timesBefore: before?.times ?? 0 }, sentence)
    },
  }
}
