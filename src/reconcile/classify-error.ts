import type { DesiredState } from '../preview/desired-state.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import type { PreviewFacts } from '../preview/status-of.ts'
import { parseMergeRequestKey } from '../preview/key.ts'
import type { Outcome } from '../preview/outcome.ts'
import { previewId } from '../preview/preview-id.ts'
import type { Installation } from './installation.ts'
import { namesOf } from './names-of.ts'
import type { PreviewContext } from './preview-context.ts'

export interface ClassifiedError {
  readonly outcome: Outcome
  /** What people are told; null when there is nothing to tell (it never had a preview, or the fault is ours). */
  readonly facts: PreviewFacts | null
  /** What the queue is told by throwing: it brings the key back. Null when a human is needed first. */
  readonly rethrow: Error | null
}

/** The forge did not tell what the wish depends on. `stands`: there is a preview all the same, and it is kept. */
export interface UnknownState {
  readonly kind: 'unknown'
  readonly stands: boolean
}

/** Sorts what went wrong by what the loop must do. The one place where a look's errors are caught. */
export function classifyError(
  installation: Installation,
  asked: PreviewContext,
  wish: DesiredState | UnknownState,
  error: unknown,
): ClassifiedError {
  if (error instanceof Stalled) {
    const outcome: Outcome = { kind: 'stalled', why: error.message }
    return { outcome, facts: stuckFacts(installation, asked, wish, 'failed', error.message), rethrow: null }
  }
  const thrown = error instanceof Error ? error : new Error('a look failed with something that is no error')
  const outcome: Outcome = { kind: 'waiting', afterMs: 0, why: thrown.message }
  if (!(thrown instanceof RetryLater)) return { outcome, facts: null, rethrow: thrown }
  return { outcome, facts: stuckFacts(installation, asked, wish, 'waiting', thrown.message), rethrow: thrown }
}

function stuckFacts(
  installation: Installation,
  asked: PreviewContext,
  wish: DesiredState | UnknownState,
  state: 'waiting' | 'failed',
  message: string,
): PreviewFacts | null {
  if (wish.kind === 'absent' && wish.cause === 'not-eligible') return null
  // Nobody was promised a preview yet: the next look, which comes by itself, knows whether there will be one.
  if (wish.kind === 'unknown' && !wish.stands && state === 'waiting') return null
  const { number } = parseMergeRequestKey(asked.key)
  const sha = asked.reading.kind === 'found' ? asked.reading.mergeRequest.sha : null
  return {
    preview: previewId(asked.application.name, number),
    application: asked.application.name,
    number,
    ...namesOf(installation, asked, []),
    url: null,
    sha,
    manifest: null,
    changedAt: null,
    byEvent: false,
    end: { kind: 'stuck', state, message },
  }
}
