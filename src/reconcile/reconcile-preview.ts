import type { DesiredState } from '../preview/desired-state.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import type { Observation } from '../preview/observation.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { statusOf } from '../preview/status-of.ts'
import { type AppliedPlan, applyPlan } from './apply-plan.ts'
import { classifyError, type UnknownState } from './classify-error.ts'
import { describeResult } from './describe-result.ts'
import { nextReconcile } from './next-reconcile.ts'
import { observePreview, observedStatus } from './observe-preview.ts'
import { type Plan, planPreview, readDesiredState } from './plan-preview.ts'
import type { PreviewContext } from './preview-context.ts'

/** By then an agent that was told of a deletion has begun to delete. */
const JUST_MS = 2 * 60_000

/** How a pass ended for one preview of a merge request. */
export interface PreviewResult {
  readonly preview: PreviewId
  /** Null: nothing is to be said about it (it never existed and nobody promised it). */
  readonly status: PreviewStatus | null
  /** Why it failed or waits, where strangers read it; null: as the status says. */
  readonly brief: string | null
  /** The subject of the commit that was made; null when there was nothing to do. */
  readonly did: string | null
  readonly outcome: Outcome
  /** Whether a pass could not even try: what people asked for in comments is asked for still. */
  readonly isUndone: boolean
  /** What whoever operates Mayfly must put right; null: nothing. */
  readonly warning: string | null
  /** Thrown on after the report, so that the queue brings the key back. */
  readonly error: Error | null
}

/** A pass that came to nothing that anybody need hear. */
const nothingSaid = {
  status: null,
  brief: null,
  did: null,
  isUndone: false,
  warning: null,
  error: null,
} as const

/** Decides, plans, writes, observes. One preview's failure stays its own (law 11). */
export async function reconcilePreview(context: PreviewContext): Promise<PreviewResult> {
  const desired = await readDesiredState(context, context.reading).catch(
    (error: unknown) => ({ kind: 'unknown', error }) as const,
  )
  if (desired.kind === 'unknown') return failedResult(context, await unknownState(context), desired.error)
  try {
    const plan = await planPreview(context, desired)
    const leaving = await leavingNamespace(context, plan)
    if (leaving !== null) return await waitForNamespace(context, plan, leaving)
    return await describeApplied(context, await applyPlan(context, plan))
  } catch (error) {
    return failedResult(context, desired, error)
  }
}

async function describeApplied(context: PreviewContext, applied: AppliedPlan): Promise<PreviewResult> {
  const { preview, ports } = context
  const { plan, result } = applied
  const { facts, outcome } = describeResult(context, applied, await ports.repository.view())
  if (facts === null) return { ...nothingSaid, preview, outcome }
  if (result?.kind === 'pushed') await ports.agent.requestSync(result.commit, facts.name)
  const status = await observePreview(context, facts)
  return {
    ...nothingSaid,
    preview,
    status,
    did: result?.kind === 'pushed' && plan.change.kind === 'write' ? plan.change.subject : null,
    outcome: nextReconcile(outcome, status, ports.clock.now()),
    isUndone: result?.kind === 'paused',
  }
}

async function waitForNamespace(
  context: PreviewContext,
  plan: Plan,
  leaving: Observation,
): Promise<PreviewResult> {
  const { preview, ports } = context
  const view = await ports.repository.view()
  const { facts, outcome } = describeResult(context, { plan, result: null }, view)
  if (facts === null) return { ...nothingSaid, preview, outcome, isUndone: true }
  // The history is that of the preview before.
  const status = await observedStatus(context, { ...facts, changedAt: null }, leaving)
  const next = nextReconcile(outcome, status, ports.clock.now())
  return { ...nothingSaid, preview, status, outcome: next, isUndone: true }
}

/** Law 3: nothing is done. Whether people were promised a preview is what stands on the branch, as far as it can be read. */
async function unknownState({ ports, preview }: PreviewContext): Promise<UnknownState> {
  const stands = await ports.repository.view().then(
    (view) => view.manifestsOf(preview).length > 0,
    () => false,
  )
  return { kind: 'unknown', stands }
}

function failedResult(
  context: PreviewContext,
  desired: DesiredState | UnknownState,
  error: unknown,
): PreviewResult {
  const { outcome, facts, rethrow } = classifyError(context, desired, error)
  const status = facts === null ? null : statusOf(facts, { kind: 'unwatched' })
  const brief = error instanceof Stalled || error instanceof RetryLater ? error.brief : null
  return {
    ...nothingSaid,
    preview: context.preview,
    status,
    brief,
    outcome,
    isUndone: true,
    warning: warningOf(error),
    error: rethrow,
  }
}

function warningOf(error: unknown): string | null {
  return error instanceof Stalled && error.warning ? error.message : null
}

/** A new preview in a namespace on its way out would go with it: it waits until that is gone. */
async function leavingNamespace(
  context: PreviewContext,
  { change, names, standing }: Plan,
): Promise<Observation | null> {
  if (change.kind !== 'write' || names === null || standing.length > 0) return null
  const subject = { preview: context.preview, key: context.key, ...names, sha: null }
  // A cluster that does not answer holds nobody up: Git is where previews begin.
  const before = await context.ports.agent.observe(subject).catch(() => null)
  if (before?.kind !== 'removing') return null
  return before.since !== null || (await isJustRemoved(context)) ? before : null
}

/**
 * By us, or by the hand of somebody who committed lately. What nobody deletes though its manifest went long ago stays, for example
 * a namespace that no manifest owned: it is taken over.
 */
async function isJustRemoved({ ports, preview }: PreviewContext): Promise<boolean> {
  const view = await ports.repository.view()
  const since = new Date(ports.clock.now().getTime() - JUST_MS)
  if (view.historyOf(preview)?.removed === false) return view.foreignSince(since)
  return view.removedSince(since).includes(preview)
}
