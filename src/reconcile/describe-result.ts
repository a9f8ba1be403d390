import type { ChangeResult, Manifest, Stranger, View } from '../environment-repository/port.ts'
import type { DesiredState } from '../preview/desired-state.ts'
import { whyNotBesidesForks } from '../preview/eligible.ts'
import { namespaceOf, previewNames } from '../preview/name.ts'
import type { Held, Ruling } from '../lifecycle/ruling.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { Removal } from '../preview/status.ts'
import type { PreviewEnd, PreviewFacts } from '../preview/status-of.ts'
import type { Refusal } from '../render/render.ts'
import { forkAdvice, pauseAdvice, policyAdvice } from './advice.ts'
import type { Admission } from './admission.ts'
import type { AppliedPlan } from './apply-plan.ts'
import type { Plan } from './plan-preview.ts'
import { placeHeld } from './place-wish.ts'
import { rolledBack } from './rolled-back.ts'
import type { PreviewContext } from './preview-context.ts'
import { pauseRuling, placeRuling, policyRuling, refusalWords, refusing } from './rulings.ts'
import { templateVariables } from './template-variables.ts'

export interface DescribedResult {
  /** Null: this merge request never had a preview and nobody promised one. */
  readonly facts: PreviewFacts | null
  readonly outcome: Outcome
}

/** What is true of a preview now that its plan was applied, told from the branch as it stands. */
export function describeResult(
  context: PreviewContext,
  { plan, result }: AppliedPlan,
  view: View,
): DescribedResult {
  const ended = resultEnd(context, { plan, result }, view)
  if (ended === null) return { facts: null, outcome: { kind: 'settled' } }
  const { preview, application, ref } = context
  const [manifest] = view.manifestsOf(preview)
  const history = view.historyOf(preview)
  const facts: PreviewFacts = {
    preview,
    application: application.name,
    number: ref.number,
    ...namesOf(context, plan.standing),
    url: plan.rendered?.url ?? heldUrl(context, plan),
    sha: shaOf(context, plan.desired),
    manifest:
      manifest === undefined
        ? null
        : { path: manifest.path, commit: history?.commit ?? null, sha: manifest.sha },
    changedAt: history?.at ?? null,
    byEvent: history?.byEvent ?? false,
    end: ended.end,
  }
  return { facts, outcome: ended.outcome }
}

/** Where what stands can be opened, though nothing was rendered now. */
function heldUrl({ application }: PreviewContext, { desired, names }: Plan): string | null {
  if (desired.kind !== 'present' || names === null) return null
  return templateVariables(application, desired.mergeRequest, names).url
}

/** Name and namespace of a preview: of the manifest that stands or stood, else as they would be. */
export function namesOf(
  { settings, application, ref, reading }: PreviewContext,
  standing: readonly Manifest[],
): { readonly name: string; readonly namespace: string } {
  const branch = reading.kind === 'found' ? reading.mergeRequest.branch : ''
  const { name, namespace } = previewNames(application.name, ref.number, branch, settings.naming)
  const stood = reading.kind === 'found' ? undefined : standing[0]?.name
  if (stood === undefined) return { name, namespace }
  return { name: stood, namespace: namespaceOf(stood, settings.naming) }
}

function shaOf({ reading }: PreviewContext, desired: DesiredState) {
  if (desired.kind === 'present') return desired.mergeRequest.sha
  return reading.kind === 'found' ? reading.mergeRequest.sha : null
}

interface Ended {
  readonly end: PreviewEnd
  readonly outcome: Outcome
}

function resultEnd(context: PreviewContext, { plan, result }: AppliedPlan, view: View): Ended | null {
  if (result?.kind === 'foreign') return foreign(result.path)
  if (result?.kind === 'held') return held(result)
  if (result?.kind === 'paused') return paused(result.reason)
  if (result?.kind === 'full') {
    const held = placeHeld(context, result, view)
    return heldBack(held, [placeRuling(held)])
  }
  if (plan.admission?.held) return heldBack(plan.admission.held, plan.admission.rulings)
  const refusals = plan.rendered?.refusals ?? []
  const [first] = refusals
  if (first !== undefined) return refused(first, refusals)
  const kept = result?.kind === 'pushed' ? keptBack(context, plan, view) : null
  if (kept?.held) return heldBack(kept.held, kept.rulings)
  if (plan.desired.kind === 'present') return { end: { kind: 'stands' }, outcome: { kind: 'settled' } }
  return absent(context, plan.desired, view)
}

function foreign(path: string): Ended {
  const message = `the file ${path} is not this preview's and was left alone: rename or remove it on the branch`
  return { end: { kind: 'stuck', state: 'failed', message }, outcome: { kind: 'stalled', why: message } }
}

/** What is not known for ours is not gone: it stays on the branch, and in the cluster, until a human acts. */
function leftBehind({ path, why, preview }: Stranger): Ended {
  const message = `the file ${path} has this preview's name but is not known for its manifest (${why}), so it was left alone and what it deploys stays: delete it on the branch, or give its first object the annotation mayfly.dev/preview: ${preview} again`
  return { end: { kind: 'stuck', state: 'failed', message }, outcome: { kind: 'stalled', why: message } }
}

function held({ removals, limit }: Extract<ChangeResult, { kind: 'held' }>): Ended {
  const message = `its removal is held, with others that came without an event (${removals} within ten minutes, ${limit} may go): an operator confirms them with mayfly sweep --confirm-removals`
  return { end: { kind: 'stuck', state: 'waiting', message }, outcome: { kind: 'stalled', why: message } }
}

/** What was rolled back just now stands for an older commit. */
function keptBack({ preview, settings }: PreviewContext, { desired }: Plan, view: View): Admission | null {
  if (desired.kind !== 'present') return null
  const prefix = settings.commands?.prefix ?? null
  return rolledBack(view.manifestsOf(preview), desired.mergeRequest, prefix)
}

/** A rule said no, or not yet. */
function heldBack(
  { state, message, details, advice, againMs, forPeople }: Held,
  rulings: readonly Ruling[],
): Ended {
  const outcome: Outcome =
    againMs === null ? { kind: 'settled' } : { kind: 'waiting', afterMs: againMs, why: message }
  const told = { message, details, advice, rulings: refusing(rulings) }
  if (state === 'refused') return { end: { kind: 'refused', ...told }, outcome }
  return { end: { kind: 'stuck', state, forPeople, ...told }, outcome }
}

/** Nobody tells of the day when the file goes: it is looked for. */
function paused(reason: string): Ended {
  const ruling = pauseRuling(reason)
  const message = ruling.saw
  return {
    end: { kind: 'stuck', state: 'waiting', message, rulings: refusing([ruling]), advice: pauseAdvice },
    outcome: { kind: 'waiting', afterMs: PAUSE_RECHECK_MS, why: message },
  }
}

const PAUSE_RECHECK_MS = 60_000

function refused({ message }: Refusal, refusals: readonly Refusal[]): Ended {
  const details = refusals.map(refusalWords)
  const rulings = refusing([policyRuling(refusals)])
  return {
    end: { kind: 'refused', message, details, rulings, advice: policyAdvice },
    outcome: { kind: 'stalled', why: message },
  }
}

function absent(
  context: PreviewContext,
  { cause, why }: Extract<DesiredState, { kind: 'absent' }>,
  view: View,
): Ended | null {
  const outcome: Outcome = { kind: 'settled' }
  const history = view.historyOf(context.preview)
  const [stranger] = view.strangersOf(context.preview)
  if (stranger !== undefined && (history !== undefined || cause !== 'not-eligible'))
    return leftBehind(stranger)
  if (history?.removed) {
    const { createdAt, commit } = history
    const livedMs = createdAt === null ? null : history.at.getTime() - createdAt.getTime()
    const deploys = createdAt === null ? null : history.deploys
    const removal: Removal = { cause, commit, livedMs, deploys, goneAfterMs: null }
    return { end: { kind: 'removed', removal, why }, outcome }
  }
  if (cause === 'not-eligible' && isRefusedFork(context)) {
    const rulings = [{ rule: 'selected', saw: why }]
    return { end: { kind: 'refused', message: why, details: [], rulings, advice: forkAdvice }, outcome }
  }
  // A sweep meets every merge request that never had a preview: no reason to read its comments.
  if (cause === 'not-eligible' && context.trigger === 'sweep') return null
  // It may have been refused or stuck: a comment that is there gets its last line all the same.
  const removal: Removal = { cause, commit: null, livedMs: null, deploys: null, goneAfterMs: null }
  return { end: { kind: 'removed', removal, why }, outcome }
}

/** Worth a word: everybody else in its place would have got a preview. */
export function isRefusedFork({ application, reading }: PreviewContext): boolean {
  if (reading.kind !== 'found' || reading.mergeRequest.fork === false) return false
  return whyNotBesidesForks(application.when, reading.mergeRequest) === null
}
