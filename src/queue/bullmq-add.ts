import { randomUUID } from 'node:crypto'
import { ErrorCode, type Job, type Queue as BullQueue } from 'bullmq'
import { RetryLater } from '../preview/errors.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Trigger } from '../preview/outcome.ts'
import { deduplicationId, type JobData, type BullmqContext, priorityOf } from './bullmq-context.ts'
import { redisReason } from './redis.ts'
import { withDeadline } from '../pace/deadline.ts'

/** @throws RetryLater within `answerMs` when Redis did not take the key. */
export async function addKey(context: BullmqContext, key: MergeRequestKey, trigger: Trigger): Promise<void> {
  await answered(context, key, () => put(context.queue, key, trigger))
}

/** What Redis says, or `RetryLater` within `answerMs`. */
export async function answered<T>(
  context: BullmqContext,
  key: MergeRequestKey,
  request: () => Promise<T>,
): Promise<T> {
  const { where, clock, timings } = context
  if (context.progress.stopped) throw new RetryLater(`${key} was not taken: the queue is stopping`)
  const late = (): Error => new Error(`no answer within ${timings.answerMs} ms`)
  try {
    return await withDeadline(request(), { ms: timings.answerMs, clock, late })
  } catch (error) {
    throw new RetryLater(`${key} was not taken: Redis at ${where}: ${redisReason(error)}`)
  }
}

/** The job that has this key already; undefined: a new one was made. */
export async function addJob(
  queue: BullQueue<JobData>,
  key: MergeRequestKey,
  trigger: Trigger,
): Promise<string | undefined> {
  // An id of our own: after a FLUSHALL BullMQ counts from 1 again, and would take a new job for one still running.
  const jobId = randomUUID()
  const id = deduplicationId(key)
  // `keepLastIfActive`: during a running pass BullMQ keeps this add and makes it a job when the pass has ended.
  const deduplication = trigger === 'event' ? { id, keepLastIfActive: true } : { id }
  const job = await queue.add('look', { key }, { jobId, priority: priorityOf[trigger], deduplication })
  return job.id === jobId ? undefined : job.id
}

async function put(queue: BullQueue<JobData>, key: MergeRequestKey, trigger: Trigger): Promise<void> {
  const held = await addJob(queue, key, trigger)
  if (held === undefined || trigger === 'sweep') return
  const waiting = await queue.getJob(held)
  if (waiting !== undefined) await hurry(waiting, { delayed: waiting.delay > 0 })
}

/**
 * Makes a job an event's: before every sweep's, and without waiting for its time. A job that has begun or ended
 * meanwhile began after the event, and is left alone.
 */
export async function hurry(job: Job<JobData>, { delayed }: { readonly delayed: boolean }): Promise<void> {
  // Only when it is lower: changing the priority puts a job behind its equals.
  if (job.priority !== priorityOf.event) await unlessMoved(job.changePriority({ priority: priorityOf.event }))
  if (delayed) await unlessMoved(job.promote())
}

export async function unlessMoved(change: Promise<void>): Promise<void> {
  try {
    await change
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : null
    if (code !== ErrorCode.JobNotExist && code !== ErrorCode.JobNotInState) throw error
  }
}
