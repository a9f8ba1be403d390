import { longestRecheckMs, type PreviewStatus } from '../preview/status.ts'
import type { Outcome } from '../preview/outcome.ts'

const SOONEST_MS = 5_000
/** Where nobody knows since when. */
const USUAL_MS = 30_000

/**
 * When a preview is reconciled again without a trigger, while an agent is watched and has not finished: after as long as
 * it has lasted, so 5 s, 10 s, 20 s and so on to 5 min. Nothing has to be remembered for that.
 */
export function nextReconcile(outcome: Outcome, status: PreviewStatus, now: Date): Outcome {
  if (outcome.kind !== 'settled' || !status.watched) return outcome
  switch (status.state) {
    case 'waiting':
    case 'deploying':
    case 'removing':
      return { kind: 'waiting', afterMs: afterMs(status.since, now), why: status.message }
    // The agent's hints come first; this is for hints that get lost.
    case 'degraded':
    case 'failed':
      return { kind: 'waiting', afterMs: longestRecheckMs, why: status.message }
    case 'ready':
    case 'refused':
    case 'removed':
      return outcome
  }
}

function afterMs(since: Date | null, now: Date): number {
  if (since === null) return USUAL_MS
  return Math.min(Math.max(now.getTime() - since.getTime(), SOONEST_MS), longestRecheckMs)
}

/** One outcome for a merge request with several previews: the soonest next pass, else what needs a human, else settled. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  const waiting = outcomes
    .filter((outcome) => outcome.kind === 'waiting')
    .toSorted((one, other) => one.afterMs - other.afterMs)
  return waiting[0] ?? outcomes.find(({ kind }) => kind === 'stalled') ?? { kind: 'settled' }
}
