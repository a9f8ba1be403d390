import type { StickyComment } from '../forge/port.ts'
import type { Log } from '../log.ts'
import type { MergeRequestKey, MergeRequestRef } from '../preview/key.ts'
import type { MergeRequest, MergeRequestReading } from '../preview/merge-request.ts'
import type { Outcome, Trigger } from '../preview/outcome.ts'
import type { PreviewStatus } from '../preview/status.ts'
import type { PreviewRegistry } from '../report/preview-registry.ts'
import { commentMarker, endLine, writeComment } from '../report/comment.ts'
import type { Report } from '../report/publish/report.ts'
import { briefStatuses } from './brief-statuses.ts'
import { commitStatuses } from './commit-statuses.ts'
import type { PreviewResult } from './reconcile-preview.ts'
import type { Settings } from './settings.ts'
import type { SourceRepositories } from './source-repositories.ts'

/** What a pass over one merge request came to. */
export interface ReconcileResult {
  readonly key: MergeRequestKey
  readonly ref: MergeRequestRef
  readonly reading: MergeRequestReading
  readonly previews: readonly PreviewResult[]
}

export interface ReportOptions {
  readonly settings: Settings
  readonly registry: PreviewRegistry
  readonly sources: Pick<SourceRepositories, 'isPublic'>
  readonly publish: (report: Report) => void
}

/** Puts what a pass found where people look: the API's list, the comment and the commit statuses. */
export function report(
  { settings, registry, sources, publish }: ReportOptions,
  result: ReconcileResult,
): void {
  const mergeRequest = result.reading.kind === 'found' ? result.reading.mergeRequest : null
  const statuses = result.previews.flatMap(({ status }) => (status === null ? [] : [status]))
  for (const status of statuses.filter(isPreview))
    registry.record(result.key, {
      status,
      mergeRequestUrl: mergeRequest?.url ?? null,
      branch: mergeRequest?.branch ?? null,
      author: mergeRequest?.author.login ?? null,
    })
  for (const { preview } of statuses.filter((status) => !isPreview(status))) registry.forget(preview)
  // One that does not exist any more has nobody to read a comment.
  if (mergeRequest === null || statuses.length === 0) return
  const isBrief = (settings.details ?? (sources.isPublic(result.ref) ? 'brief' : 'full')) === 'brief'
  const shown = isBrief ? briefStatuses(result.previews, settings.environment) : statuses
  publish(buildReport({ settings, registry, isBrief }, result, mergeRequest, shown))
}

/** The end of a merge request that never had a preview is worth a line in its comment, but is no preview. */
function isPreview({ state, removal }: PreviewStatus): boolean {
  return state !== 'removed' || (removal !== null && removal.commit !== null)
}

/** Puts the statuses of one merge request into its one comment and its commit statuses. */
function buildReport(
  {
    settings,
    registry,
    isBrief,
  }: Pick<ReportOptions, 'settings' | 'registry'> & { readonly isBrief: boolean },
  { key, ref }: ReconcileResult,
  mergeRequest: MergeRequest,
  statuses: readonly PreviewStatus[],
): Report {
  return {
    key,
    ref,
    comment: comment(settings, statuses),
    statuses:
      settings.status === 'off' ? [] : commitStatuses({ key, mergeRequest, statuses, registry, isBrief }),
  }
}

function comment(settings: Settings, statuses: readonly PreviewStatus[]): StickyComment | null {
  if (settings.comment === 'off') return null
  const body = writeComment(settings.instance, statuses, settings.environment)
  const whenMissing = isWorthAComment(settings, statuses) ? 'create' : 'skip'
  const settledBy = endLine(statuses)
  return { marker: commentMarker(settings.instance), body, whenMissing, settledBy }
}

/** An end is only ever said where a beginning was said. */
function isWorthAComment({ comment }: Settings, statuses: readonly PreviewStatus[]): boolean {
  const alive = statuses.filter(({ state }) => state !== 'removed' && state !== 'removing')
  if (comment !== 'failures-only') return alive.length > 0
  return alive.some(({ state }) => state === 'failed' || state === 'degraded' || state === 'refused')
}

export const needsHuman = 'a merge request is left as it is until a human acts'

/** One line for a pass, and one for each preview that needs a human. */
export function logResult(
  log: Log,
  result: {
    readonly key: MergeRequestKey
    readonly trigger: Trigger
    readonly previews: readonly PreviewResult[]
    readonly outcome: Outcome
  },
): void {
  const { key, trigger, previews, outcome } = result
  const done = previews.flatMap(({ preview, did }) => (did === null ? [] : [{ preview, did }]))
  const facts = { mergeRequest: key, prompt: trigger, outcome: outcome.kind, done }
  for (const { preview, status, outcome } of previews)
    if (outcome.kind === 'stalled') {
      const stalled = { mergeRequest: key, preview, why: outcome.why }
      if (status?.state === 'refused') log.warn(stalled, 'a manifest was refused')
      else log.error(stalled, needsHuman)
    }
  if (done.length > 0) log.info(facts, 'changed previews of a merge request')
  else log.debug(facts, 'looked at a merge request')
}
