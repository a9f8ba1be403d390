import { manifestPath } from '../environment-repository/manifest-path.ts'
import type { Manifest, View } from '../environment-repository/port.ts'
import { type DesiredState, desiredState } from '../preview/desired-state.ts'
import { whyNotBesidesForks } from '../preview/eligible.ts'
import { RetryLater } from '../preview/errors.ts'
import type { MergeRequest, MergeRequestReading } from '../preview/merge-request.ts'
import { type PreviewNames, previewNames } from '../preview/name.ts'
import { type PlannedChange, planRemoval, planWrite } from '../preview/plan.ts'
import { evicted, unlessEvicted } from './evicted-preview.ts'
import { type Admission, admit } from './admission.ts'
import { planRollback, rolledBack } from './rolled-back.ts'
import { isPaused, pausedByHand } from './paused-preview.ts'
import type { PreviewContext } from './preview-context.ts'
import { sharedUrl } from './shared-url.ts'
import { type RenderedPreview, renderPreview } from './render-preview.ts'
import { requireSameRepository } from './same-repository.ts'

/** What is to be done about one preview at one tip of the branch. Nothing has happened yet. */
export interface Plan {
  readonly desired: DesiredState
  readonly change: PlannedChange
  readonly standing: readonly Manifest[]
  /** Both null when no preview is wanted. Where the manifest was refused, the change is to do nothing. */
  readonly names: PreviewNames | null
  readonly rendered: RenderedPreview | null
  /** Null when no preview is wanted. Where a commit is held up, the change is to do nothing. */
  readonly admission: Admission | null
}

/** What should be true of one preview. The files are listed only when they decide: all else says yes, and paths are named. */
export async function readDesiredState(
  { application, changedFiles, orders }: PreviewContext,
  reading: MergeRequestReading,
): Promise<DesiredState> {
  const desired = desiredState(application, reading, null)
  if (desired.kind === 'present' && orders.evictedBy !== null) return evicted(orders.evictedBy)
  if (desired.kind === 'absent' || application.when.paths.length === 0) return desired
  return desiredState(application, reading, await changedFiles(desired.mergeRequest))
}

/**
 * A write on a stale tip is refused by the server; that nothing is to be done must be true of the newest tip.
 * @throws Stalled when the branch's manifest speaks of another repository than the forge does.
 */
export async function planPreview(context: PreviewContext, desired: DesiredState): Promise<Plan> {
  const { repository } = context.ports
  const known = await planAt(context, desired, await repository.view(), null)
  if (known.change.kind === 'write') return known
  return planAt(context, desired, await repository.refresh(), known)
}

async function planAt(
  context: PreviewContext,
  asked: DesiredState,
  view: View,
  before: Plan | null,
): Promise<Plan> {
  const standing = view.manifestsOf(context.preview)
  const desired = standing.length > 0 ? asked : unlessEvicted(asked, view.historyOf(context.preview))
  requireSameRepository(context, standing, view)
  if (desired.kind === 'present') return planPresent(context, desired, view, standing, before)
  requireKnownSource(context, desired, standing)
  const change = planRemoval(desired, standing, context)
  return { desired, change, standing, names: null, rendered: null, admission: null }
}

async function planPresent(
  context: PreviewContext,
  desired: Extract<DesiredState, { kind: 'present' }>,
  view: View,
  standing: readonly Manifest[],
  before: Plan | null,
): Promise<Plan> {
  const { application, settings, preview, trigger } = context
  const { mergeRequest } = desired
  const names = previewNames(application.name, mergeRequest.number, mergeRequest.branch, settings.naming)
  const rollback = await rollbackOf(context, mergeRequest, standing)
  if (rollback !== null)
    return { desired, change: rollback, standing, names, rendered: null, admission: null }
  const admission =
    pausedByHand(standing, mergeRequest) ??
    (context.orders.redeployedBy === null
      ? rolledBack(standing, mergeRequest, settings.commands?.prefix ?? null)
      : null) ??
    before?.admission ??
    (await admit(context, mergeRequest, names, standing))
  if (admission.held !== null || isPaused(standing))
    return { desired, change: { kind: 'nothing' }, standing, names, rendered: null, admission }
  const path = manifestPath(settings.environment, names.name)
  const { pinned, approvedBy } = admission
  const wanted = { application, mergeRequest, names, path, view, standing, pinned, approvedBy }
  const rendered = withSharedUrl(
    context,
    await renderPreview(context, wanted, before?.rendered ?? null),
    standing,
    view,
  )
  const { content, refusals } = rendered
  if (refusals.length > 0)
    return { desired, change: { kind: 'nothing' }, standing, names, rendered, admission }
  const manifest = { path, content, name: names.name, sha: mergeRequest.sha }
  const removedBefore = view.historyOf(preview)?.removed ?? false
  const change = planWrite(manifest, standing, { trigger, removedBefore })
  return { desired, change, standing, names, rendered, admission }
}

/** Null: nobody asks for one now, or nothing older is known. */
async function rollbackOf(
  { orders, ports, preview }: PreviewContext,
  { sha }: MergeRequest,
  standing: readonly Manifest[],
): Promise<PlannedChange | null> {
  const [manifest] = standing
  if (orders.rollback === null || manifest === undefined) return null
  const earlier = await ports.repository.earlier(preview, orders.rollback.sha)
  return earlier === null ? null : planRollback(manifest, earlier, { from: sha, by: orders.rollback.by })
}

/** Whoever else has the URL is a matter of the tip, not of the template. */
function withSharedUrl(
  { application, preview }: PreviewContext,
  rendered: RenderedPreview,
  standing: readonly Manifest[],
  view: View,
): RenderedPreview {
  const refusal = sharedUrl({ application, preview, url: rendered.url }, standing, view)
  const others = rendered.refusals.filter(({ rule }) => rule !== 'url')
  return { ...rendered, refusals: [...others, ...(refusal === null ? [] : [refusal])] }
}

/** Law 3: our manifest says that its branch is in the repository itself; that the forge does not know any more is no answer. */
function requireKnownSource(
  { application, reading, key }: PreviewContext,
  { cause }: Extract<DesiredState, { kind: 'absent' }>,
  standing: readonly Manifest[],
): void {
  if (cause !== 'not-eligible' || standing.length === 0 || reading.kind !== 'found') return
  const { mergeRequest } = reading
  if (mergeRequest.fork !== null || whyNotBesidesForks(application.when, mergeRequest) !== null) return
  throw new RetryLater(
    `the forge does not say which repository the branch of ${key} is in: its preview is kept`,
  )
}
