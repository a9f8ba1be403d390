import type { ChangeResult } from '../environment-repository/port.ts'
import { type DesiredState, sameDesiredState } from '../preview/desired-state.ts'
import { RetryLater } from '../preview/errors.ts'
import { statusOf } from '../preview/status-of.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { type PreviewContext, previewOf } from './preview-context.ts'
import { changeOf } from './change-of.ts'
import { classifyError, type UnknownState } from './classify-error.ts'
import { type Plan, planPreview } from './plan-preview.ts'
import { describeResult, type AppliedPlan } from './describe-result.ts'
import type { Installation } from './installation.ts'
import { nextReconcile } from './next-reconcile.ts'
import { observePreview } from './observe-preview.ts'
import { observedStatus } from './observed-status.ts'
import { leavingNamespace } from './leaving-namespace.ts'
import { readDesiredState } from './read-desired-state.ts'

/** How one preview of a merge request came out of a look. */
export interface PreviewResult {
  readonly preview: PreviewId
  /** Null: nothing is to be said about it (it never existed and nobody promised it). */
  readonly status: PreviewStatus | null
  /** The subject of the commit that was made; null when there was nothing to do. */
  readonly did: string | null
  readonly outcome: Outcome
  /** Thrown on after the report, so that the queue brings the key back. */
  readonly error: Error | null
}

/** Decides one preview, writes what is to be written and asks the agent. One preview's failure stays its own (law 11). */
export async function reconcilePreview(
  installation: Installation,
  asked: PreviewContext,
): Promise<PreviewResult> {
  const wish = await readDesiredState(asked, asked.reading).catch(
    (error: unknown) => ({ kind: 'unknown', error }) as const,
  )
  if (wish.kind === 'unknown')
    return failedResult(installation, asked, await unknownState(installation, asked), wish.error)
  try {
    const work = await planOnFreshTip(installation, asked, wish)
    const before = await leavingNamespace(installation, asked, work)
    if (before !== null) return await waitForNamespace(installation, asked, { wish, work, before })
    const result = work.change.kind === 'write' ? await write(installation, asked, wish, work) : null
    return await conclude(installation, asked, {
      preview: previewOf(asked),
      desired: wish,
      plan: work,
      result,
    })
  } catch (error) {
    return failedResult(installation, asked, wish, error)
  }
}

/** Law 3: nothing is done. Whether people were promised a preview is what stands on the branch, as far as it can be read. */
async function unknownState({ repository }: Installation, asked: PreviewContext): Promise<UnknownState> {
  const stands = await repository.view().then(
    (view) => view.manifestsOf(previewOf(asked)).length > 0,
    () => false,
  )
  return { kind: 'unknown', stands }
}

function failedResult(
  installation: Installation,
  asked: PreviewContext,
  wish: DesiredState | UnknownState,
  error: unknown,
): PreviewResult {
  const { outcome, facts: finding, rethrow } = classifyError(installation, asked, wish, error)
  const status = finding === null ? null : statusOf(finding, { kind: 'unwatched' })
  return { preview: previewOf(asked), status, did: null, outcome, error: rethrow }
}

/** A write on a stale tip is refused by the server; that nothing is to be done must be true of the newest tip. */
async function planOnFreshTip(
  installation: Installation,
  asked: PreviewContext,
  wish: DesiredState,
): Promise<Plan> {
  const known = await planPreview(installation, asked, wish, await installation.repository.view())
  if (known.change.kind === 'write') return known
  return planPreview(installation, asked, wish, await installation.repository.refresh())
}

async function waitForNamespace(
  installation: Installation,
  asked: PreviewContext,
  { wish, work, before }: { readonly wish: DesiredState; readonly work: Plan; readonly before: Observation },
): Promise<PreviewResult> {
  const preview = previewOf(asked)
  const view = await installation.repository.view()
  const { facts: finding, outcome } = describeResult(
    installation,
    asked,
    { preview, desired: wish, plan: work, result: null },
    view,
  )
  if (finding === null) return { preview, status: null, did: null, outcome, error: null }
  // The trail is that of the preview before.
  const status = await observedStatus(installation, { ...finding, changedAt: null }, before)
  const again = nextReconcile(outcome, status, installation.clock.now())
  return { preview, status, did: null, outcome: again, error: null }
}

/** What happens within it brings its own event. A removal is asked about in any case (law 3). */
const FRESH_MS = 1_000

async function write(
  installation: Installation,
  asked: PreviewContext,
  wish: DesiredState,
  work: Plan,
): Promise<ChangeResult> {
  return installation.repository.change(
    changeOf(installation, asked, wish, work, async () => {
      const again = await asked.reread(wish.kind === 'present' ? FRESH_MS : 0)
      return sameDesiredState(wish, await readDesiredState(asked, again))
    }),
  )
}

async function conclude(
  installation: Installation,
  asked: PreviewContext,
  worked: AppliedPlan,
): Promise<PreviewResult> {
  const { preview, plan: work, result } = worked
  if (result?.kind === 'dropped')
    throw new RetryLater('the merge request changed while its manifest was about to be pushed')
  const view = await installation.repository.view()
  const { facts: finding, outcome } = describeResult(installation, asked, worked, view)
  if (finding === null) return { preview, status: null, did: null, outcome, error: null }
  if (result?.kind === 'pushed') await installation.agent.notify(result.commit, finding.name)
  const status = await observePreview(installation, asked, finding)
  return {
    preview,
    status,
    did: result?.kind === 'pushed' && work.change.kind === 'write' ? work.change.subject : null,
    outcome: nextReconcile(outcome, status, installation.clock.now()),
    error: null,
  }
}
