import type { CommentResult, StatusBefore } from '../../forge/port.ts'
import type { CommitSha } from '../../preview/brand.ts'
import type { MergeRequestKey } from '../../preview/key.ts'
import { itemsOf, type ReportItem, type Report } from './report.ts'

type StatusItem = Extract<ReportItem, { kind: 'status' }>

/** What this process knows of one merge request's report. Forgetting it costs a read, nothing else. */
export interface PublishState {
  readonly key: MergeRequestKey
  /** Null once all of it is said or given up. */
  report: Report | null
  /** By slot: the text that was said last. */
  readonly published: Map<string, string>
  /** By slot of a status: the commit that it was said of. */
  readonly statusShas: Map<string, CommitSha>
  /** By slot: a text that the forge refused, and when it may be tried again (ms). */
  readonly refused: Map<string, { readonly text: string; readonly untilMs: number }>
  /** Tries that failed in a row. */
  failures: number
  /** Not before this time (ms). */
  notBefore: number
  /** Whether our comment was seen there, and whether it was written anew after somebody deleted it. */
  commentSeen: boolean
  commentRewritten: boolean
  /** Our comment was written by this process where there was none. */
  commentIsFirst: boolean
}

export function newPublishState(report: Report): PublishState {
  return {
    key: report.key,
    report,
    published: new Map(),
    statusShas: new Map(),
    refused: new Map(),
    failures: 0,
    notBefore: 0,
    commentSeen: false,
    commentRewritten: false,
    commentIsFirst: false,
  }
}

/** What is still to be said, first things first. */
export function pendingOf(entry: PublishState, now: number): readonly ReportItem[] {
  if (entry.report === null) return []
  return itemsOf(entry.report).filter(({ channel, text, ...item }) => {
    const published = entry.published.get(channel)
    if (
      published === text ||
      (published === skipped(text) && 'comment' in item && item.comment.whenMissing === 'skip')
    )
      return false
    const refused = entry.refused.get(channel)
    return refused?.text !== text || now >= refused.untilMs
  })
}

/** A comment that people deleted twice is not wanted: from then on it is only edited where it is. */
export function whenMissing(entry: PublishState, wanted: 'create' | 'skip'): 'create' | 'skip' {
  return entry.commentRewritten ? 'skip' : wanted
}

/** Where nothing stood before our first comment, there is no status of ours either, unless this process has set it. */
export function statusBefore(
  { commentIsFirst, published }: PublishState,
  { channel, sha }: StatusItem,
  others: readonly PublishState[],
): StatusBefore {
  const isShared = others.some((other) => other.statusShas.get(channel) === sha)
  return commentIsFirst && !published.has(channel) && !isShared ? 'none' : 'ask'
}

/** No text is this one: what is said next is compared with what stands there. */
const overtaken = ''

/** A commit has one status of a name, whoever sets it: what others said there last is not what stands there now. */
export function rememberStatus(
  entries: readonly PublishState[],
  entry: PublishState,
  { channel, text, sha }: StatusItem,
): void {
  for (const other of entries)
    if (other !== entry && other.statusShas.get(channel) === sha) other.published.set(channel, overtaken)
  entry.published.set(channel, text)
  entry.statusShas.set(channel, sha)
}

export function rememberComment(entry: PublishState, item: ReportItem, result: CommentResult): void {
  if (result === 'unfinished') {
    entry.commentSeen = true
    return
  }
  if (result === 'created' && !entry.commentSeen) entry.commentIsFirst = true
  const onlyEdit = result === 'skipped' && !entry.commentRewritten
  entry.published.set(item.channel, onlyEdit ? skipped(item.text) : item.text)
  if (result === 'created' && entry.commentSeen) entry.commentRewritten = true
  if (result === 'created' || result === 'edited' || result === 'unchanged') entry.commentSeen = true
}

/** There was no comment to edit: the same text is still news when it may be created. */
function skipped(text: string): string {
  return `skipped ${text}`
}
