import type { StickyComment } from '../forge/port.ts'
import { commitVerdict } from '../preview/commit-status.ts'
import type { MergeRequestKey, MergeRequestRef } from '../preview/key.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PreviewStatus } from '../preview/status.ts'
import type { ReportWish } from '../report/publish/report-wish.ts'
import { commentMarker, endLine, writeComment } from '../report/comment.ts'
import type { Installation } from './installation.ts'

export interface ReconcileResult {
  readonly key: MergeRequestKey
  readonly ref: MergeRequestRef
  /** Null when it does not exist any more: there is nobody to tell. */
  readonly mergeRequest: MergeRequest | null
  readonly statuses: readonly PreviewStatus[]
}

/** Puts the statuses of one merge request into its one comment and its commit statuses; null: nothing to say. */
export function buildReport(installation: Installation, reported: ReconcileResult): ReportWish | null {
  const { key, ref, mergeRequest, statuses } = reported
  if (mergeRequest === null || statuses.length === 0) return null
  return {
    key,
    ref,
    comment: comment(installation, statuses),
    statuses: installation.status === 'off' ? [] : commitStatuses(mergeRequest, statuses),
  }
}

function comment(installation: Installation, statuses: readonly PreviewStatus[]): StickyComment | null {
  if (installation.comment === 'off') return null
  const body = writeComment(installation.instance, statuses, installation.environment)
  const whenMissing = isWorthAComment(installation, statuses) ? 'create' : 'skip'
  const settledBy = endLine(statuses)
  return { marker: commentMarker(installation.instance), body, whenMissing, settledBy }
}

/** An end is only ever said where a beginning was said. */
function isWorthAComment({ comment }: Installation, statuses: readonly PreviewStatus[]): boolean {
  const alive = statuses.filter(({ state }) => state !== 'removed' && state !== 'removing')
  if (comment !== 'failures-only') return alive.length > 0
  return alive.some(({ state }) => state === 'failed' || state === 'degraded' || state === 'refused')
}

function commitStatuses(
  mergeRequest: MergeRequest,
  statuses: readonly PreviewStatus[],
): ReportWish['statuses'] {
  if (mergeRequest.fork) return []
  return statuses.flatMap((status) => {
    const verdict = commitVerdict(status)
    if (verdict === null) return []
    const targetUrl = status.state === 'ready' && status.url !== null ? status.url : mergeRequest.url
    return [
      { sha: mergeRequest.sha, status: { context: `mayfly/${status.application}`, ...verdict, targetUrl } },
    ]
  })
}
