import { exponentialMs } from '../../pace/backoff.ts'
import type { Clock, Random } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { PublishState } from './memory.ts'
import type { ReportItem } from './report.ts'

/** Between two failures of one token, whatever failed. */
const breathMs = 1_000
const firstBackoffMs = 2_000
const longestBackoffMs = 10 * 60_000
/** After so many failures in a row the sweep's next wish must come first. */
const mostFailures = 10
/** A refusal is tried again at the earliest after this, should the same text be wanted again: rights do get granted. */
const refusedForMs = 10 * 60_000

export interface FailureContext {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** Notes when this entry may try again, or that it gave up. Gives how long the whole token should be left alone, in ms. */
export function afterFailure(
  context: FailureContext,
  entry: PublishState,
  item: ReportItem,
  error: unknown,
): number {
  const now = context.clock.monotonicMs()
  const facts = { mergeRequest: entry.key, what: item.channel, why: reasonOf(error) }
  if (error instanceof Stalled) {
    const known = entry.refused.get(item.channel)?.text === item.text
    entry.refused.set(item.channel, { text: item.text, untilMs: now + refusedForMs })
    // A right that is missing concerns all reports: it is said once, where the forge is watched.
    if (!known && error.right === null) context.log.warn(facts, 'the forge refuses a report')
    return 0
  }
  entry.failures += 1
  const cap = exponentialMs(entry.failures, { firstMs: firstBackoffMs, mostMs: longestBackoffMs })
  entry.notBefore = now + Math.round(context.random() * cap)
  if (entry.failures >= mostFailures) giveUp(context, entry, item, now, facts)
  else context.log.debug(facts, 'a report comes later')
  return error instanceof RetryLater ? Math.max(breathMs, error.retryAfterMs ?? 0) : breathMs
}

function giveUp(
  { log }: FailureContext,
  entry: PublishState,
  item: ReportItem,
  now: number,
  facts: object,
): void {
  entry.failures = 0
  entry.refused.set(item.channel, { text: item.text, untilMs: now + refusedForMs })
  log.warn(facts, 'a report failed too often and waits until it is wanted again')
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}
