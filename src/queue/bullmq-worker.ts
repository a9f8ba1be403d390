import { type Job, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import { processJob } from './bullmq-job.ts'
import { createThrottledWarnings } from './throttled-warnings.ts'
import { type JobData, type BullmqContext, queueName } from './bullmq-context.ts'
import type { Reconcile } from './port.ts'
import { redisReason } from './redis.ts'
import { within } from './within.ts'

/** A worker of BullMQ with its own connections. */
export interface RunningWorker {
  readonly worker: Worker<JobData>
  readonly client: Redis
}

/** Begins to look at keys. */
export function startWorker(parts: BullmqContext, look: Reconcile): RunningWorker {
  const client = parts.openWorkerClient()
  client.on('error', () => undefined)
  const worker = createWorker(parts, client, (job) => processJob(parts, worker, look, job))
  hear(parts, worker)
  pauseAfterErrors(worker, parts.timings.pauseAfterErrorMs, parts.clock)
  void keepRunning(parts, worker)
  return { worker, client }
}

const closingMs = 1_000

/** Closes the connections, at the latest after a second. `graceful`: no look is running. */
export async function stopWorker(
  { clock, log }: BullmqContext,
  { worker, client }: RunningWorker,
  graceful: boolean,
): Promise<void> {
  const late = (): Error => new Error('Redis does not answer')
  await within(worker.close(!graceful), { ms: closingMs, clock, late }).catch((error: unknown) => {
    log.warn({ reason: redisReason(error) }, 'the queue was closed without saying good-bye to Redis')
  })
  client.disconnect()
}

function createWorker(
  parts: BullmqContext,
  connection: Redis,
  look: (job: Job<JobData>) => Promise<void>,
): Worker<JobData> {
  const { timings, prefix, skipVersionCheck, concurrency } = parts
  return new Worker<JobData>(queueName, look, {
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

function hear(parts: BullmqContext, worker: Worker<JobData>): void {
  const { log, clock } = parts
  const complaints = createThrottledWarnings(log, clock)
  worker.on('error', (error) => {
    complaints.warn(redisReason(error), 'the queue met an error of Redis and goes on')
  })
  worker.on('stalled', (jobId) => {
    log.warn({ job: jobId }, 'the process that looked at a key went away; the key is taken over')
    dropWhenUnreadable(parts, jobId).catch(() => undefined)
  })
}

/** BullMQ's loop should never end by itself; when it does, it begins anew. */
async function keepRunning(parts: BullmqContext, worker: Worker<JobData>): Promise<void> {
  if (parts.movement.stopped || worker.closing !== undefined) return
  try {
    await worker.run()
  } catch (error) {
    parts.log.error({ reason: redisReason(error) }, 'the worker of the queue failed and begins anew')
  }
  await parts.clock.sleep(parts.timings.pauseAfterErrorMs)
  void keepRunning(parts, worker)
}

/** BullMQ asks again at once after an error that is not about the connection (out of memory, wrong type, no login). */
function pauseAfterErrors(worker: Worker<JobData>, ms: number, clock: Clock): void {
  const backend = worker.getBackend()
  const moveToActive = backend.moveToActive.bind(backend)
  backend.moveToActive = (...args) =>
    moveToActive(...args).catch(async (error: unknown) => {
      await clock.sleep(ms)
      throw error
    })
}

/** A job that is no JSON fails before a look begins and would stall for ever; nobody can be at work on it. */
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
