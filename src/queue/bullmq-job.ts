import { DelayedError, type Job, WaitingError, type Worker } from 'bullmq'
import { z } from 'zod'
import { RetryLater } from '../preview/errors.ts'
import { type MergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import type { Outcome, Trigger } from '../preview/outcome.ts'
import { saneWait } from '../pace/backoff.ts'
import { hurry } from './bullmq-add.ts'
import { deduplicationId, type JobData, type BullmqContext, priorityOf, triggerOf } from './bullmq-context.ts'
import type { Reconcile } from './port.ts'
import { redisReason } from './redis.ts'

/**
 * One job: returns when it is over, throws BullMQ's own signals when it comes back. Errors of a pass never reach BullMQ,
 * which would write their text into Redis.
 */
export async function processJob(
  context: BullmqContext,
  worker: Worker<JobData>,
  reconcile: Reconcile,
  job: Job<JobData>,
): Promise<void> {
  const token = job.token ?? ''
  const key = readKey(job)
  if (key === null) {
    context.log.warn({ job: job.id }, 'dropped a job that holds no merge request key')
    return
  }
  if (context.progress.stopped) {
    await job.moveToWait(token)
    throw new WaitingError()
  }
  const held = { key, job, token }
  if (context.running.has(key))
    await comeBack(context, worker, held, { ms: context.timings.busyMs, why: 'busy' })
  const ending = await runReconcile(context, reconcile, {
    key,
    trigger: triggerOf(job.priority),
    failures: job.attemptsMade,
  })
  if (ending !== null) await comeBack(context, worker, held, ending)
}

const JobData = z.object({ key: z.string().max(1_000) })

/** What lies in Redis is not trusted either. */
function readKey(job: Job): MergeRequestKey | null {
  const read = JobData.safeParse(job.data)
  if (!read.success) return null
  try {
    parseMergeRequestKey(read.data.key)
    return read.data.key as MergeRequestKey
  } catch {
    return null
  }
}

/** When and why a job comes back. `failed` counts as one more failure, `scheduled` forgets the failures and the trigger. */
interface ComesBack {
  readonly ms: number
  readonly why: 'busy' | 'failed' | 'scheduled'
}

interface Attempt {
  readonly key: MergeRequestKey
  readonly trigger: Trigger
  readonly failures: number
}

async function runReconcile(
  context: BullmqContext,
  reconcile: Reconcile,
  attempt: Attempt,
): Promise<ComesBack | null> {
  context.progress.lastMs = context.clock.monotonicMs()
  const ending = endOf(context, reconcile, attempt)
  context.running.set(
    attempt.key,
    ending.then(() => undefined),
  )
  try {
    return await ending
  } finally {
    context.running.delete(attempt.key)
    context.progress.lastMs = context.clock.monotonicMs()
  }
}

async function endOf(
  context: BullmqContext,
  reconcile: Reconcile,
  attempt: Attempt,
): Promise<ComesBack | null> {
  try {
    return afterOutcome(await reconcile(attempt.key, attempt.trigger))
  } catch (error) {
    return afterError(context, attempt, error)
  }
}

function afterOutcome(outcome: Outcome): ComesBack | null {
  switch (outcome.kind) {
    case 'settled':
    case 'stalled':
      return null
    case 'waiting':
      return { ms: saneWait(outcome.afterMs), why: 'scheduled' }
  }
}

function afterError(context: BullmqContext, { key, failures }: Attempt, error: unknown): ComesBack {
  const retryAfterMs = error instanceof RetryLater ? error.retryAfterMs : null
  const ms = context.backoff(failures + 1, context.random, retryAfterMs)
  context.log.warn(
    { mergeRequest: key, failures: failures + 1, waitMs: ms, err: error },
    'a look failed and comes back',
  )
  return { ms, why: 'failed' }
}

interface HeldJob {
  readonly key: MergeRequestKey
  readonly job: Job<JobData>
  readonly token: string
}

/** @throws DelayedError always: BullMQ takes it to mean that the job has been moved already. */
async function comeBack(
  context: BullmqContext,
  worker: Worker<JobData>,
  held: HeldJob,
  how: ComesBack,
): Promise<never> {
  try {
    await delay(context, worker, held, how)
  } catch (error) {
    const facts = { mergeRequest: held.key, reason: redisReason(error) }
    context.log.warn(facts, 'a look ended after its job was lost; the key is taken up again')
  }
  throw new DelayedError()
}

async function delay(
  context: BullmqContext,
  worker: Worker<JobData>,
  { key, job, token }: HeldJob,
  how: ComesBack,
): Promise<void> {
  const backend = worker.getBackend()
  // All replicas read these times in Redis, so they are wall time.
  const now = context.clock.now().getTime()
  // BullMQ's `timestamp` becomes the moment from which the job is ready: its age is counted from there.
  const ready = { timestamp: String(now + how.ms) }
  const forgotten = { priority: String(priorityOf.sweep), atm: '0' }
  const fieldsToUpdate = how.why === 'scheduled' ? { ...ready, ...forgotten } : ready
  await backend.moveToDelayed(job.id ?? '', now, how.ms, token, {
    skipAttempt: how.why !== 'failed',
    fieldsToUpdate,
  })
  // An event that came during the pass was kept for the job's end, which is not near: it must overtake the delay.
  const client = await backend.client
  if ((await client.del(backend.toKey(`dn:${deduplicationId(key)}`))) === 0) return
  if (how.why === 'scheduled') job.priority = priorityOf.sweep
  await hurry(job, { delayed: true })
}
