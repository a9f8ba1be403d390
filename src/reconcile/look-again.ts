import type { Outcome } from '../preview/outcome.ts'
import type { PreviewStatus } from '../preview/status.ts'

const SOON_MS = 5_000
const LATER_MS = 60_000

/** When a preview is looked at again although nobody asks: only while an agent is watched and has not finished. */
export function lookAgain(outcome: Outcome, { state, watched, message }: PreviewStatus): Outcome {
  if (outcome.kind !== 'settled' || !watched) return outcome
  if (state === 'deploying' || state === 'removing')
    return { kind: 'waiting', afterMs: SOON_MS, why: message }
  if (state === 'degraded' || state === 'failed') return { kind: 'waiting', afterMs: LATER_MS, why: message }
  return outcome
}
