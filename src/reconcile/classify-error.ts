import type { DesiredState } from '../preview/desired-state.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { PreviewFacts } from '../preview/status-of.ts'
import { namesOf } from './describe-result.ts'
import type { PreviewContext } from './preview-context.ts'

export interface ClassifiedError {
  readonly outcome: Outcome
  /** What people read; null when there is nothing to say (it never had a preview, or the fault is ours). */
  readonly facts: PreviewFacts | null
  /** Thrown to the queue, which brings the key back. Null when a human is needed first. */
  readonly rethrow: Error | null
}

/** The forge did not say what the desired state depends on. `stands`: there is a preview all the same, and it is kept. */
export interface UnknownState {
  readonly kind: 'unknown'
  readonly stands: boolean
}

/** Sorts what went wrong by what the loop must do. The one place where the errors of a pass are caught. */
export function classifyError(
  context: PreviewContext,
  desired: DesiredState | UnknownState,
  error: unknown,
): ClassifiedError {
  if (error instanceof Stalled) {
    const outcome: Outcome = { kind: 'stalled', why: error.message }
    return { outcome, facts: stuckFacts(context, desired, 'failed', error.message), rethrow: null }
  }
  const thrown = error instanceof Error ? error : new Error('a look failed with something that is no error')
  const outcome: Outcome = { kind: 'waiting', afterMs: 0, why: thrown.message }
  if (!(thrown instanceof RetryLater)) return { outcome, facts: null, rethrow: thrown }
  return { outcome, facts: stuckFacts(context, desired, 'waiting', thrown.message), rethrow: thrown }
}

function stuckFacts(
  context: PreviewContext,
  desired: DesiredState | UnknownState,
  state: 'waiting' | 'failed',
  message: string,
): PreviewFacts | null {
  if (desired.kind === 'absent' && desired.cause === 'not-eligible') return null
  // Nobody was promised a preview yet: the next pass, which comes by itself, knows whether there will be one.
  if (desired.kind === 'unknown' && !desired.stands && state === 'waiting') return null
  const { application, preview, ref, reading } = context
  return {
    preview,
    application: application.name,
    number: ref.number,
    ...namesOf(context, []),
    url: null,
    sha: reading.kind === 'found' ? reading.mergeRequest.sha : null,
    manifest: null,
    changedAt: null,
    byEvent: false,
    end: { kind: 'stuck', state, message },
  }
}
