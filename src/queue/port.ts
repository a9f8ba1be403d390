import type { MergeRequestKey } from '../preview/key.ts'
import type { Outcome, Trigger } from '../preview/outcome.ts'

/** What is done with a key. `prompt` is `event` when a verified event asked for this look, directly or before a retry. */
export type Reconcile = (key: MergeRequestKey, prompt: Trigger) => Promise<Outcome>

/**
 * Keys wait here. A key waits at most once, and two looks at one key never run at once. A look that throws comes back
 * with capped exponential backoff and full jitter (`RetryLater.retryAfterMs` is the least wait); one that is `waiting`
 * comes back after `afterMs`. `settled` and `stalled` end it.
 */
export interface Queue {
  /**
   * Asks for a look. An `event` overtakes a scheduled look, a backoff and everything the sweep added; during a running
   * look of that key it brings one more look afterwards. A `sweep` never hurries nor doubles what is already waiting. A
   * `hint` of the agent is a sweep that hurries what waits for its time, and brings one more look after a running one: that
   * may have asked the agent before.
   * Throws when the key was not taken (the webhook answers 503).
   */
  add(key: MergeRequestKey, prompt: Trigger | 'hint'): Promise<void>

  /** Begins to look. Called once. */
  start(look: Reconcile): Promise<void>

  state(): Promise<QueueState>

  /** No new looks; waits for the running ones at most `deadlineMs`; nothing waiting is lost where the adapter is durable. */
  stop(deadlineMs: number): Promise<void>
}

export interface QueueState {
  /** Keys that could be looked at now. */
  readonly waiting: number
  /** Looks running in this process. */
  readonly active: number
  /** Keys that wait for their time: a backoff or a scheduled look. */
  readonly delayed: number
  /** How long the oldest key of `waiting` has been ready, in ms; 0 when none is. */
  readonly oldestWaitingMs: number
  /** Null when all is well, else in words: the store is away, or work waits and nothing moves. */
  readonly trouble: string | null
}
