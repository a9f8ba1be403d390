import type { Clock, Random } from '../../pace/clock.ts'
import { withFallback } from '../../pace/deadline.ts'
import type { Log } from '../../log.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { MergeRequestKey } from '../../preview/key.ts'
import { afterFailure } from './after-failure.ts'
import { type PublishState, newPublishState, pendingOf } from './memory.ts'
import { type ReportItem, type Report, sameReport } from './report.ts'
import { type ReportWriter, publishItem } from './publish-item.ts'
import type { WriteBudget } from './write-budget.ts'

export interface TokenQueueOptions {
  /** By the forge's name. */
  readonly writers: ReadonlyMap<string, ReportWriter>
  readonly budget: WriteBudget
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly remembered: number
}

/** The one writer of one token: reports of different merge requests leave one after the other. */
export interface TokenQueue {
  publish(report: Report): void
  idle(): Promise<void>
  stop(deadlineMs: number): Promise<void>
}

interface QueueState {
  /** All that is remembered, the longest unwanted first. */
  readonly entries: Map<MergeRequestKey, PublishState>
  /** Those with something to say, the longest waiting first. */
  readonly waiting: Map<MergeRequestKey, PublishState>
  /** The forge asked for silence until then (ms). */
  pausedUntil: number
  running: Promise<void> | null
  /** Ends a sleep that only waits for backoffs. */
  nap: AbortController | null
  /** Set by `stop`: no report is taken, nothing is waited for, and nothing more is begun. */
  stopping: boolean
  readonly ended: AbortController
}

export function createTokenQueue(options: TokenQueueOptions): TokenQueue {
  const state: QueueState = {
    entries: new Map(),
    waiting: new Map(),
    pausedUntil: 0,
    running: null,
    nap: null,
    stopping: false,
    ended: new AbortController(),
  }

  async function idle(): Promise<void> {
    while (state.running !== null) await state.running
  }

  return {
    publish(report) {
      if (state.stopping) return
      if (!remember(options, state, report)) return
      state.nap?.abort()
      state.running ??= run(options, state)
    },
    idle,
    async stop(deadlineMs) {
      state.stopping = true
      state.nap?.abort()
      state.ended.abort()
      await withFallback(idle(), { ms: deadlineMs, clock: options.clock, fallback: () => undefined })
    },
  }
}

/** Replaces the entry's wish by the newest; false when there is nothing new to say. */
function remember(options: TokenQueueOptions, state: QueueState, report: Report): boolean {
  const entry = state.entries.get(report.key) ?? newPublishState(report)
  // News overtakes the backoff of what it replaces.
  if (entry.report !== null && !sameReport(entry.report, report)) entry.notBefore = 0
  entry.report = report
  state.entries.delete(report.key)
  state.entries.set(report.key, entry)
  forgetOldest(options, state)
  if (pendingOf(entry, options.clock.monotonicMs()).length > 0) {
    state.waiting.set(report.key, entry)
    return true
  }
  settle(state, entry)
  return false
}

function forgetOldest({ remembered }: TokenQueueOptions, { entries, waiting }: QueueState): void {
  if (entries.size <= remembered) return
  for (const key of entries.keys()) {
    if (waiting.has(key)) continue
    entries.delete(key)
    return
  }
}

async function run(options: TokenQueueOptions, state: QueueState): Promise<void> {
  // The caller notes the promise first, so that the end of this run is seen by it.
  await Promise.resolve()
  while (state.waiting.size > 0 && !state.stopping) {
    const now = options.clock.monotonicMs()
    const entry = firstReady(state, now)
    const restMs = entry === undefined ? untilReady(state, now) : untilAllowed(options, state, now)
    if (restMs > 0) await rest(options, state, restMs, entry === undefined)
    else if (entry !== undefined) await publishNext(options, state, entry, now)
  }
  state.running = null
}

function firstReady({ waiting }: QueueState, now: number): PublishState | undefined {
  for (const entry of waiting.values()) if (entry.notBefore <= now) return entry
  return undefined
}

function untilReady({ waiting }: QueueState, now: number): number {
  return Math.min(...[...waiting.values()].map(({ notBefore }) => notBefore)) - now
}

function untilAllowed({ budget }: TokenQueueOptions, { pausedUntil }: QueueState, now: number): number {
  return Math.max(budget.waitMs(now), pausedUntil - now)
}

/** After a rest everything is looked at anew: the text may have changed meanwhile. */
async function rest(
  { clock }: TokenQueueOptions,
  state: QueueState,
  ms: number,
  mayWake: boolean,
): Promise<void> {
  const nap = new AbortController()
  if (mayWake) state.nap = nap
  await clock.sleep(ms, AbortSignal.any([nap.signal, state.ended.signal])).catch(() => undefined)
  state.nap = null
}

async function publishNext(
  options: TokenQueueOptions,
  state: QueueState,
  entry: PublishState,
  now: number,
): Promise<void> {
  const [item] = pendingOf(entry, now)
  const ref = entry.report?.ref
  const writer = options.writers.get(ref?.forge ?? '')
  if (item === undefined || ref === undefined || writer === undefined) {
    settle(state, entry)
    return
  }
  try {
    const written = await publishItem(writer, entry, item, { ref, others: [...state.entries.values()] })
    if (written !== 'unfinished') entry.failures = 0
    if (written === null) return
    options.budget.spend(options.clock.monotonicMs())
    if (written === 'unfinished') comeAgain(options, state, entry, item, new RetryLater(moreToWrite))
  } catch (error) {
    comeAgain(options, state, entry, item, error)
  }
}

const moreToWrite = 'duplicates of the comment are still there'

/** Law 11: one that fails queues up again behind the others. */
function comeAgain(
  options: TokenQueueOptions,
  state: QueueState,
  entry: PublishState,
  item: ReportItem,
  error: unknown,
): void {
  const pauseMs = afterFailure(options, entry, item, error)
  state.waiting.delete(entry.key)
  state.waiting.set(entry.key, entry)
  state.pausedUntil = Math.max(state.pausedUntil, options.clock.monotonicMs() + pauseMs)
}

/** Keeps what was said, not the texts. */
function settle(state: QueueState, entry: PublishState): void {
  entry.report = null
  state.waiting.delete(entry.key)
}
