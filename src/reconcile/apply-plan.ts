import type { BranchNote, Change, ChangeResult } from '../environment-repository/port.ts'
import { sameDesiredState } from '../preview/desired-state.ts'
import { RetryLater } from '../preview/errors.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PlannedChange } from '../preview/plan.ts'
import { type Plan, readDesiredState } from './plan-preview.ts'
import { hasLimits, placeWish } from './place-wish.ts'
import type { PreviewContext } from './preview-context.ts'

/** A plan with what came of it; `result` is null when there was nothing to do. */
export interface AppliedPlan {
  readonly plan: Plan
  readonly result: ChangeResult | null
}

/** What happens within it brings its own event. Before a removal the forge is read in any case (law 3). */
const FRESH_MS = 1_000

/** @throws RetryLater when the merge request no longer says what the plan was made from. */
export async function applyPlan(context: PreviewContext, plan: Plan): Promise<AppliedPlan> {
  if (plan.change.kind === 'nothing') return { plan, result: await noteOnly(context, plan) }
  const result = await context.ports.repository.change(changeOf(context, plan, plan.change))
  if (result.kind === 'dropped')
    throw new RetryLater('the merge request changed while its manifest was about to be pushed')
  // What waits for a place has no manifest yet that would remember its approval.
  if (result.kind === 'full') await noteApproval(context, plan)
  return { plan, result }
}

/** The commit that carries a plan out, with the author and the trailers of the public contract. */
function changeOf(
  context: PreviewContext,
  plan: Plan,
  { edits, subject, cause, older }: Extract<PlannedChange, { kind: 'write' }>,
): Change {
  const { preview, settings } = context
  const mergeRequest = mergeRequestOf(context, plan)
  const before = plan.standing[0]
  const sha = older ?? mergeRequest?.sha ?? before?.sha
  const url = mergeRequest?.url ?? before?.annotations['merge-request']
  const template = plan.rendered?.template ?? null
  return {
    preview,
    edits,
    author: (settings.author === 'merge-request' ? mergeRequest?.author : null) ?? settings.committer,
    subject,
    trailers: {
      'Mayfly-Preview': preview,
      ...(sha ? { 'Mayfly-Sha': sha } : {}),
      'Mayfly-Cause': cause,
      ...(url ? { 'Mayfly-Merge-Request': url } : {}),
      ...byWhom(context, plan),
    },
    template: template === null ? null : { file: plan.rendered?.templateFile ?? '', blob: template },
    // A person asked for it: the breaker is for removals that nobody asked for.
    trigger: cause === 'evicted' ? 'event' : context.trigger,
    place: placeWish(context, plan),
    note: null,
    stillWanted: () => isStillWanted(context, plan),
  }
}

/** Nothing is written, but something may have to be remembered. Null: nothing kept it from that. */
async function noteOnly(context: PreviewContext, plan: Plan): Promise<ChangeResult | null> {
  await leaveQueue(context, plan)
  const noted = await noteApproval(context, plan)
  return noted?.kind === 'paused' ? noted : null
}

/** One that waited for a place, and is held up by something else now, or has ended: who comes after it need not wait for it. */
async function leaveQueue(context: PreviewContext, { standing }: Plan): Promise<void> {
  const { preview, ports, settings } = context
  if (!hasLimits(settings) || standing.length > 0) return
  const view = await ports.repository.view()
  if (view.queue().includes(preview)) await ports.repository.change(noteOf(context, { kind: 'leave' }))
}

/** Somebody's word is bound to the whole id of the commit as soon as it was heard: no other commit that begins alike has it. */
async function noteApproval(
  context: PreviewContext,
  { desired, admission }: Plan,
): Promise<ChangeResult | null> {
  const { orders, ports, preview } = context
  const by = orders.approvedBy
  if (by === null || desired.kind !== 'present' || admission?.approvedBy !== by) return null
  const { sha } = desired.mergeRequest
  const view = await ports.repository.view()
  if (view.approvalOf(preview)?.sha === sha) return null
  return await ports.repository.change(noteOf(context, { kind: 'approve', sha, by }))
}

function noteOf({ preview, settings }: PreviewContext, note: BranchNote): Change {
  return {
    ...{ preview, edits: [], author: settings.committer, subject: '', trailers: {}, template: null },
    trigger: 'event',
    place: { kind: 'none' },
    note,
    stillWanted: () => Promise.resolve(true),
  }
}

/** Who decided, where a person did. */
function byWhom(
  { orders }: PreviewContext,
  { desired, admission, change }: Plan,
): Readonly<Record<string, string>> {
  if (change.kind === 'write' && change.cause === 'rolled-back')
    return { 'Mayfly-By': orders.rollback?.by ?? '' }
  if (desired.kind === 'absent' && desired.cause === 'evicted' && orders.evictedBy !== null)
    return { 'Mayfly-By': orders.evictedBy }
  return admission?.approvedBy ? { 'Mayfly-Approved-By': admission.approvedBy } : {}
}

function mergeRequestOf({ reading }: PreviewContext, { desired }: Plan): MergeRequest | null {
  if (desired.kind === 'present') return desired.mergeRequest
  return reading.kind === 'found' ? reading.mergeRequest : null
}

async function isStillWanted(context: PreviewContext, { desired }: Plan): Promise<boolean> {
  const again = await context.reread(desired.kind === 'present' ? FRESH_MS : 0)
  return sameDesiredState(desired, await readDesiredState(context, again))
}
