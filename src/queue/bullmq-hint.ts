import type { Queue as BullQueue } from 'bullmq'
import type { MergeRequestKey } from '../preview/key.ts'
import { RetryLater } from '../preview/errors.ts'
import { addJob, answered, unlessMoved } from './bullmq-add.ts'
import type { JobData, BullmqContext } from './bullmq-context.ts'

/**
 * What the agent says has changed: a pass that runs here may have observed it before, so one more comes after it. BullMQ could keep
 * the hint until then (`keepLastIfActive`), but keeps one add alone: an event would lose its place to it.
 * @throws RetryLater like `addKey`, but after the pass that is running here; also when another replica keeps the key for itself
 */
export async function addHint(context: BullmqContext, key: MergeRequestKey): Promise<void> {
  const { hinted, running, clock, timings } = context
  // One waits for all: the pass that it brings sees what they are about.
  if (hinted.has(key)) return
  hinted.add(key)
  const before = running.get(key)
  await before
  hinted.delete(key)
  for (let turn = 0; turn < hintTurns; turn += 1) {
    if ((await answered(context, key, () => putHint(context.queue, key))) === 'taken') return
    // A pass that began after the hint sees what it is about.
    const now = running.get(key)
    if (now !== undefined && now !== before) return
    await clock.sleep(timings.busyMs)
  }
  throw new RetryLater(`${key} was not taken: another replica is at it`)
}

/** A job is held for a moment before and after its pass; for longer only by another replica, which hears the agent's hints itself. */
const hintTurns = 5

async function putHint(queue: BullQueue<JobData>, key: MergeRequestKey): Promise<'taken' | 'held'> {
  const held = await addJob(queue, key, 'sweep')
  if (held === undefined) return 'taken'
  const job = await queue.getJob(held)
  if (job === undefined) return 'held'
  const state = await job.getState()
  if (state === 'delayed') await unlessMoved(job.promote())
  return state === 'delayed' || state === 'waiting' || state === 'prioritized' ? 'taken' : 'held'
}
