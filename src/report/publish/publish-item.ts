import type { Forge } from '../../forge/port.ts'
import type { MergeRequestRef } from '../../preview/key.ts'
import { type PublishState, rememberComment, rememberStatus, statusBefore, whenMissing } from './memory.ts'
import type { ReportItem } from './report.ts'

/** The part of a forge that reports are written through. */
export type ReportWriter = Pick<Forge, 'publishComment' | 'publishStatus'>

/** One write that a forge took; `unfinished`: the same thing needs another one. */
type WriteResult = 'created' | 'edited' | 'unfinished' | 'set'

/** Says one thing, with one write at most, and remembers that it is said. Gives what was written, or null for nothing. */
export async function publishItem(
  writer: ReportWriter,
  entry: PublishState,
  item: ReportItem,
  {
    ref: { repository, number },
    others,
  }: { readonly ref: MergeRequestRef; readonly others: readonly PublishState[] },
): Promise<WriteResult | null> {
  if (item.kind === 'status') {
    const result = await writer.publishStatus(
      repository,
      item.sha,
      item.status,
      item.onlyUnblocks ? 'blocking' : statusBefore(entry, item, others),
    )
    rememberStatus(others, entry, item)
    return result === 'set' ? result : null
  }
  const comment = { ...item.comment, whenMissing: whenMissing(entry, item.comment.whenMissing) }
  const result = await writer.publishComment({ repository, number }, comment)
  rememberComment(entry, item, result)
  return result === 'created' || result === 'edited' || result === 'unfinished' ? result : null
}
