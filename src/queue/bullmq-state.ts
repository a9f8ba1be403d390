import type { Redis } from 'ioredis'
import type { BullmqContext } from './bullmq-context.ts'
import type { QueueState } from './port.ts'
import { withDeadline } from '../pace/deadline.ts'

type Seen = Omit<QueueState, 'active' | 'trouble'>

/** Never throws: a Redis that is away is a state, and in words. */
export async function bullmqState(context: BullmqContext): Promise<QueueState> {
  const { clock, timings, where, running } = context
  const active = running.size
  try {
    const late = (): Error => new Error('no answer')
    const seen = await withDeadline(see(context), { ms: timings.answerMs, clock, late })
    return { ...seen, active, trouble: stuck(context, seen) }
  } catch {
    return {
      waiting: 0,
      delayed: 0,
      oldestWaitingMs: 0,
      active,
      trouble: `Redis at ${where} does not answer`,
    }
  }
}

async function see({ queue, client, clock }: BullmqContext): Promise<Seen> {
  const now = clock.now().getTime()
  const dueScore = (now + 1) * delayedScorePerMs - 1
  const [events, sweeps, delayed, due, oldestEvent, oldestSweep, nextDue] = await Promise.all([
    client.llen(queue.toKey('wait')),
    client.zcard(queue.toKey('prioritized')),
    client.zcard(queue.toKey('delayed')),
    // A delayed job whose time has come is ready, though BullMQ moves it only when a worker fetches the next.
    client.zcount(queue.toKey('delayed'), 0, dueScore),
    client.lindex(queue.toKey('wait'), -1),
    client.zrange(queue.toKey('prioritized'), '0', '0'),
    client.zrange(queue.toKey('delayed'), '0', '0', 'WITHSCORES'),
  ])
  const ids = [oldestEvent, ...oldestSweep].filter((id) => id !== null)
  const ready = await Promise.all(ids.map((id) => readySince(client, queue.toKey(id))))
  ready.push(Number(nextDue[1] ?? Infinity) / delayedScorePerMs)
  const oldestWaitingMs = Math.max(0, ...ready.map((since) => Math.floor(now - since)))
  return { waiting: events + sweeps + due, delayed: delayed - due, oldestWaitingMs }
}

/** BullMQ's score of a delayed job is its due time in ms times this, plus a counter. */
const delayedScorePerMs = 0x1000

async function readySince(client: Redis, jobKey: string): Promise<number> {
  const since = Number(await client.hget(jobKey, 'timestamp'))
  // Without a timestamp the job has just begun, or is none of ours: no age.
  return since > 0 ? since : Infinity
}

/** Whether work waits that nobody begins, in words; null when not. */
function stuck({ progress, running, concurrency, clock, timings }: BullmqContext, seen: Seen): string | null {
  if (!progress.started || running.size >= concurrency) return null
  const stillMs = clock.monotonicMs() - progress.lastMs
  if (stillMs < timings.stuckAfterMs || seen.oldestWaitingMs < timings.stuckAfterMs) return null
  const minutes = Math.floor(Math.min(stillMs, seen.oldestWaitingMs) / 60_000)
  return `${seen.waiting} merge request(s) wait, and no look has begun or ended for ${minutes} min`
}
