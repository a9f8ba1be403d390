import { type Job, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import { lookAtJob } from './bullmq-look.ts'
import { createComplaints } from './complaints.ts'
import { type JobData, type Parts, queueName } from './bullmq-parts.ts'
import type { Look } from './port.ts'
import { redisReason } from './redis.ts'

/** A worker that looks at keys until it is closed; `client` is its own connection, and it opens one more. */
export function startWorker(
  parts: Parts,
  look: Look,
  {
    client,
    prefix,
    skipVersionCheck,
  }: { readonly client: Redis; readonly prefix: string; readonly skipVersionCheck: boolean },
): Worker<JobData> {
  const { timings, clock, log } = parts
  const process = (job: Job<JobData>): Promise<void> => lookAtJob(parts, worker, look, job)
  const worker = new Worker<JobData>(queueName, process, {
    connection: client,
    prefix,
    skipVersionCheck,
    autorun: false,
    concurrency: parts.concurrency,
    lockDuration: timings.lockMs,
    stalledInterval: timings.stalledCheckMs,
    // A key may outlive any number of killed processes.
    maxStalledCount: 1_000_000_000,
    runRetryDelay: timings.pauseAfterErrorMs,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  })
  const complaints = createComplaints(log, clock)
  worker.on('error', (error) => {
    complaints.warn(redisReason(error), 'the queue met an error of Redis and goes on')
  })
  worker.on('stalled', (jobId) => {
    log.warn({ job: jobId }, 'the process that looked at a key went away; the key is taken over')
    dropWhenUnreadable(parts, jobId).catch(() => undefined)
  })
  pauseAfterErrors(worker, timings.pauseAfterErrorMs, clock)
  void keepRunning(parts, worker)
  return worker
}

/** BullMQ's loop should never end by itself; when it does, it begins anew. */
async function keepRunning(parts: Parts, worker: Worker<JobData>): Promise<void> {
  try {
    await worker.run()
  } catch (error) {
    parts.log.error({ reason: redisReason(error) }, 'the worker of the queue failed and begins anew')
  }
  if (parts.movement.stopped) return
  await parts.clock.sleep(parts.timings.pauseAfterErrorMs)
  await keepRunning(parts, worker)
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

/** A job that is no JSON fails before a look begins, and would stall for ever. */
async function dropWhenUnreadable({ queue, client, log }: Parts, jobId: string): Promise<void> {
  const fields = await client.hmget(queue.toKey(jobId), 'data', 'opts')
  if (fields.every(isJson)) return
  await queue.remove(jobId)
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
