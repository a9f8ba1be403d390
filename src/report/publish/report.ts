import { createHash } from 'node:crypto'
import type { CommitStatus, StickyComment } from '../../forge/port.ts'
import type { CommitSha } from '../../preview/brand.ts'
import type { MergeRequestKey, MergeRequestRef } from '../../preview/key.ts'

/** What a merge request should be told. */
export interface Report {
  readonly key: MergeRequestKey
  readonly ref: MergeRequestRef
  /** Null: leave the comment as it is. */
  readonly comment: StickyComment | null
  readonly statuses: readonly StatusReport[]
}

export interface StatusReport {
  readonly sha: CommitSha
  readonly status: CommitStatus
  /** Only in the place of one that holds people up. */
  readonly onlyUnblocks: boolean
}

/** One thing to say, in its place: the comment, or one context of the commit statuses. */
export type ReportItem = { readonly channel: string; readonly text: string } & (
  | { readonly kind: 'comment'; readonly comment: StickyComment }
  | ({ readonly kind: 'status' } & StatusReport)
)

/** The comment first: it is what people read. `text` tells two items of one slot apart without keeping them. */
export function itemsOf(report: Report): readonly ReportItem[] {
  const statuses = report.statuses.map(({ sha, status, onlyUnblocks }): ReportItem => {
    const text = digest([sha, status.state, status.description, status.targetUrl])
    return { channel: `status ${status.context}`, text, kind: 'status', sha, status, onlyUnblocks }
  })
  const { comment } = report
  if (comment === null) return statuses
  return [
    { channel: 'comment', text: digest([comment.marker, comment.body]), kind: 'comment', comment },
    ...statuses,
  ]
}

export function sameReport(one: Report, other: Report): boolean {
  const [texts, others] = [one, other].map((report) =>
    itemsOf(report)
      .map(({ channel, text }) => `${channel} ${text}`)
      .join(),
  )
  return texts === others
}

function digest(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}
