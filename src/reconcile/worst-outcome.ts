import type { Outcome } from '../preview/outcome.ts'

/** One outcome for a merge request with several previews: the soonest look again, else what needs a human, else settled. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  const waiting = outcomes
    .filter((outcome) => outcome.kind === 'waiting')
    .toSorted((one, other) => one.afterMs - other.afterMs)
  return waiting[0] ?? outcomes.find(({ kind }) => kind === 'stalled') ?? { kind: 'settled' }
}
