import type { ChangeResult, View } from '../environment-repository/port.ts'
import type { Desire } from '../preview/desire.ts'
import { whyNotBesidesForks } from '../preview/eligible.ts'
import type { End, Finding } from '../preview/judge.ts'
import { parseMergeRequestKey } from '../preview/key.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Removal } from '../preview/status.ts'
import type { Draft } from './draft.ts'
import type { Installation } from './installation.ts'
import { namesOf } from './names-of.ts'
import type { Asked } from './asked.ts'

export interface Found {
  /** Null: this merge request never had a preview and nobody promised one. */
  readonly finding: Finding | null
  readonly outcome: Outcome
}

/** One preview with what was wanted, planned and done about it; `result` is null when there was nothing to do. */
export interface Worked {
  readonly preview: PreviewId
  readonly wish: Desire
  readonly work: Draft
  readonly result: ChangeResult | null
}

/** What is true of a preview now that its change was tried, told from the branch as it stands. */
export function find(installation: Installation, asked: Asked, worked: Worked, view: View): Found {
  const ended = endOf(worked, view, asked)
  if (ended === null) return { finding: null, outcome: { kind: 'settled' } }
  const { preview, wish, work } = worked
  const [manifest] = view.manifestsOf(preview)
  const trail = view.trail(preview)
  const finding: Finding = {
    preview,
    application: asked.application.name,
    number: parseMergeRequestKey(asked.key).number,
    ...namesOf(installation, asked, worked.work.standing),
    url: work.url,
    sha: shaOf(asked, wish),
    manifest:
      manifest === undefined
        ? null
        : { path: manifest.path, commit: trail?.commit ?? null, sha: manifest.sha },
    changedAt: trail?.at ?? null,
    prompted: trail?.prompted ?? false,
    end: ended.end,
  }
  return { finding, outcome: ended.outcome }
}

function endOf(
  { preview, wish, work, result }: Worked,
  view: View,
  asked: Asked,
): { end: End; outcome: Outcome } | null {
  if (result?.kind === 'foreign') return foreign(result.path)
  if (result?.kind === 'held') return held(result)
  const [first] = work.refusals
  if (first !== undefined) {
    const details = work.refusals.map(({ message, path, rule }) => `${path}: ${message} (rule ${rule})`)
    const advice =
      'Whoever owns the template can mend it, or the branch can be named otherwise; Mayfly looks again on every push.'
    const end: End = { kind: 'refused', message: first.message, details, advice }
    return { end, outcome: { kind: 'stalled', why: first.message } }
  }
  if (wish.kind === 'present') return { end: { kind: 'stands' }, outcome: { kind: 'settled' } }
  return absent(wish, asked, view, preview)
}

function absent(
  wish: Extract<Desire, { kind: 'absent' }>,
  asked: Asked,
  view: View,
  preview: PreviewId,
): { end: End; outcome: Outcome } | null {
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
  if (wish.cause === 'not-eligible' && asked.prompt === 'sweep') return null
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
function isRefusedFork({ application, reading }: Asked): boolean {
  if (reading.kind !== 'found' || !reading.mergeRequest.fork) return false
  return whyNotBesidesForks(application.when, reading.mergeRequest) === null
}

function foreign(path: string): { end: End; outcome: Outcome } {
  const message = `the file ${path} is not this preview's and was left alone: rename or remove it on the branch`
  return { end: { kind: 'stuck', state: 'failed', message }, outcome: { kind: 'stalled', why: message } }
}

function held({ removals, limit }: Extract<ChangeResult, { kind: 'held' }>): { end: End; outcome: Outcome } {
  const message = `its removal is held, with others that came without an event (${removals} within ten minutes, ${limit} may go): an operator confirms them with mayfly sweep --confirm-removals`
  return { end: { kind: 'stuck', state: 'waiting', message }, outcome: { kind: 'stalled', why: message } }
}

function shaOf({ reading }: Asked, wish: Desire) {
  if (wish.kind === 'present') return wish.mergeRequest.sha
  return reading.kind === 'found' ? reading.mergeRequest.sha : null
}
