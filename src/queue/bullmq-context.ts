import { createHash } from 'node:crypto'
import type { Queue as BullQueue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Clock, Random } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Trigger } from '../preview/outcome.ts'
import type { Backoff } from '../pace/backoff.ts'

/** The queue's name in Redis: `<prefix>:looks:...`. Kept from the first release: another name would hide what waits during an upgrade. */
export const queueName = 'looks'

/** All that a job holds. */
export interface JobData {
  readonly key: string
}

/** What the parts of the BullMQ adapter share. */
export interface BullmqContext {
  readonly queue: BullQueue<JobData>
  /** For adds and questions: fails at once while Redis is away. */
  readonly client: Redis
  /** For a worker: its commands wait for Redis. */
  readonly openWorkerClient: () => Redis
  readonly prefix: string
  readonly skipVersionCheck: boolean
  /** Host and port, for people. */
  readonly where: string
  readonly concurrency: number
  readonly clock: Clock
  readonly random: Random
  readonly backoff: Backoff
  readonly log: Log
  readonly timings: Timings
  /** The passes of this process. BullMQ's locks are leases: a Redis that forgot them must not start a second pass here. */
  readonly running: Map<MergeRequestKey, Promise<void>>
  /** Keys with a hint that waits for the end of a pass. */
  readonly hinted: Set<MergeRequestKey>
  readonly progress: { started: boolean; stopped: boolean; lastMs: number }
}

/** In ms. */
export interface Timings {
  /** Longest time to reach Redis at the start. */
  readonly connectMs: number
  /** Longest time for one `add` or `state`. */
  readonly answerMs: number
  /** A pass whose process died is taken over after this time and up to two `stalledCheckMs`. */
  readonly lockMs: number
  readonly stalledCheckMs: number
  /** How long work may wait without any movement before `trouble` says so. */
  readonly stuckAfterMs: number
  /** When a key comes back, or a hint is tried again, while the key is being reconciled. */
  readonly busyMs: number
  /** Pause after an error of Redis, so that the worker does not spin. */
  readonly pauseAfterErrorMs: number
  /** How often it is noticed that the clock was set back. */
  readonly clockCheckMs: number
}

export const usualTimings: Timings = {
  connectMs: 5_000,
  answerMs: 4_000,
  lockMs: 30_000,
  stalledCheckMs: 10_000,
  stuckAfterMs: 120_000,
  busyMs: 250,
  pauseAfterErrorMs: 1_000,
  clockCheckMs: 2_000,
}

/** BullMQ's priority is the trigger: 0 comes first, and is kept through delays, retries and recoveries. */
export const priorityOf: Readonly<Record<Trigger, number>> = { event: 0, sweep: 1 }

export function triggerOf(priority: number): Trigger {
  return priority === priorityOf.event ? 'event' : 'sweep'
}

/** BullMQ's ids may hold no `:` and must not be digits only; keys hold both. */
export function deduplicationId(key: MergeRequestKey): string {
  return `key-${createHash('sha256').update(key).digest('hex').slice(0, 40)}`
}
