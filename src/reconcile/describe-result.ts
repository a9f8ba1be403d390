import type { ChangeResult, View } from '../environment-repository/port.ts'
import type { DesiredState } from '../preview/desired-state.ts'
import { whyNotBesidesForks } from '../preview/eligible.ts'
import type { PreviewEnd, PreviewFacts } from '../preview/status-of.ts'
import { parseMergeRequestKey } from '../preview/key.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Removal } from '../preview/status.ts'
import type { Plan } from './plan-preview.ts'
import type { Installation } from './installation.ts'
import { namesOf } from './names-of.ts'
import type { PreviewContext } from './preview-context.ts'

export interface DescribedResult {
  /** Null: this merge request never had a preview and nobody promised one. */
  readonly facts: PreviewFacts | null
  readonly outcome: Outcome
}

/** One preview with what was wanted, planned and done about it; `result` is null when there was nothing to do. */
export interface AppliedPlan {
  readonly preview: PreviewId
  readonly desired: DesiredState
  readonly plan: Plan
  readonly result: ChangeResult | null
}

/** What is true of a preview now that its change was tried, told from the branch as it stands. */
export function describeResult(
  installation: Installation,
  asked: PreviewContext,
  worked: AppliedPlan,
  view: View,
): DescribedResult {
  const ended = endOf(worked, view, asked)
  if (ended === null) return { facts: null, outcome: { kind: 'settled' } }
  const { preview, desired: wish, plan: work } = worked
  const [manifest] = view.manifestsOf(preview)
  const trail = view.trail(preview)
  const finding: PreviewFacts = {
    preview,
    application: asked.application.name,
    number: parseMergeRequestKey(asked.key).number,
    ...namesOf(installation, asked, worked.plan.standing),
    url: work.url,
    sha: shaOf(asked, wish),
    manifest:
      manifest === undefined
        ? null
        : { path: manifest.path, commit: trail?.commit ?? null, sha: manifest.sha },
    changedAt: trail?.at ?? null,
    byEvent: trail?.prompted ?? false,
    end: ended.end,
  }
  return { facts: finding, outcome: ended.outcome }
}

function endOf(
  { preview, desired: wish, plan: work, result }: AppliedPlan,
  view: View,
  asked: PreviewContext,
): { end: PreviewEnd; outcome: Outcome } | null {
  if (result?.kind === 'foreign') return foreign(result.path)
  if (result?.kind === 'held') return held(result)
  const [first] = work.refusals
  if (first !== undefined) {
    const details = work.refusals.map(({ message, path, rule }) => `${path}: ${message} (rule ${rule})`)
    const advice =
      'Whoever owns the template can mend it, or the branch can be named otherwise; Mayfly looks again on every push.'
    const end: PreviewEnd = { kind: 'refused', message: first.message, details, advice }
    return { end, outcome: { kind: 'stalled', why: first.message } }
  }
  if (wish.kind === 'present') return { end: { kind: 'stands' }, outcome: { kind: 'settled' } }
  return absent(wish, asked, view, preview)
}

function absent(
  wish: Extract<DesiredState, { kind: 'absent' }>,
  asked: PreviewContext,
  view: View,
  preview: PreviewId,
): { end: PreviewEnd; outcome: Outcome } | null {
  const settled: Outcome = { kind: 'settled' }
  const trail = view.trail(preview)
  if (trail?.removed) {
    const removal: Removal = {
      cause: wish.cause,
      commit: trail.commit,
      livedMs: trail.createdAt === null ? null : trail.at.getTime() - trail.createdAt.getTime(),
      deploys: trail.createdAt === null ? null : trail.deploys,
      goneAfterMs: null,
    }
    return { end: { kind: 'removed', removal, why: wish.why }, outcome: settled }
  }
  if (wish.cause === 'not-eligible' && isRefusedFork(asked)) {
    const advice = 'A maintainer may push the branch to the repository itself after reading the diff.'
    return { end: { kind: 'refused', message: wish.why, details: [], advice }, outcome: settled }
  }
  // A sweep meets every merge request that never had a preview: no reason to read its comments.
  if (wish.cause === 'not-eligible' && asked.trigger === 'sweep') return null
  // It may have been refused or stuck: a comment that is there gets its last line all the same.
  const removal: Removal = {
    cause: wish.cause,
    commit: null,
    livedMs: null,
    deploys: null,
    goneAfterMs: null,
  }
  return { end: { kind: 'removed', removal, why: wish.why }, outcome: settled }
}

/** Worth a word: everybody else in its place would have got a preview. */
function isRefusedFork({ application, reading }: PreviewContext): boolean {
  if (reading.kind !== 'found' || !reading.mergeRequest.fork) return false
  return whyNotBesidesForks(application.when, reading.mergeRequest) === null
}

function foreign(path: string): { end: PreviewEnd; outcome: Outcome } {
  const message = `the file ${path} is not this preview's and was left alone: rename or remove it on the branch`
  return { end: { kind: 'stuck', state: 'failed', message }, outcome: { kind: 'stalled', why: message } }
}

function held({ removals, limit }: Extract<ChangeResult, { kind: 'held' }>): {
  end: PreviewEnd
  outcome: Outcome
} {
  const message = `its removal is held, with others that came without an event (${removals} within ten minutes, ${limit} may go): an operator confirms them with mayfly sweep --confirm-removals`
  return { end: { kind: 'stuck', state: 'waiting', message }, outcome: { kind: 'stalled', why: message } }
}

function shaOf({ reading }: PreviewContext, wish: DesiredState) {
  if (wish.kind === 'present') return wish.mergeRequest.sha
  return reading.kind === 'found' ? reading.mergeRequest.sha : null
}
