import type { MergeRequestKey } from '../preview/key.ts'
import type { Outcome, Trigger } from '../preview/outcome.ts'

/** What is done with a key. `trigger` is `event` when a verified event brought this pass, directly or before a retry. */
export type Reconcile = (key: MergeRequestKey, trigger: Trigger) => Promise<Outcome>

/**
 * Keys wait here. A key waits at most once, and two passes over one key never run at once. A pass that throws comes back
 * with capped exponential backoff and full jitter (`RetryLater.retryAfterMs` is the least wait); one that is `waiting`
 * comes back after `afterMs`. `settled` and `stalled` end it.
 */
export interface Queue {
  /**
   * Queues a pass. An `event` overtakes a scheduled pass, a backoff and everything the sweep added; during a running
   * pass of that key it brings one more pass afterwards. A `sweep` never hurries nor doubles what is already waiting. A
   * `hint` of the agent or of CI is a sweep that hurries what waits for its time, and brings one more pass after a running one: that
   * may have observed the agent before.
   * Throws when the key was not taken (the webhook answers 503).
   */
  add(key: MergeRequestKey, trigger: Trigger | 'hint'): Promise<void>

  /** Begins to take keys. Called once. */
  start(reconcile: Reconcile): Promise<void>

  state(): Promise<QueueState>

  /** No new passes; waits for the running ones at most `deadlineMs`; nothing waiting is lost where the adapter is durable. */
  stop(deadlineMs: number): Promise<void>
}

export interface QueueState {
  /** Keys whose turn it is. */
  readonly waiting: number
  /** Passes running in this process. */
  readonly active: number
  /** Keys that wait for their time: a backoff or a scheduled pass. */
  readonly delayed: number
  /** How long the oldest key of `waiting` has been ready, in ms; 0 when none is. */
  readonly oldestWaitingMs: number
  /** Null when all is well, else in words: the store is away, or work waits and nothing moves. */
  readonly trouble: string | null
}
