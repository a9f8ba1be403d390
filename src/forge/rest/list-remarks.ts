import { RetryLater } from '../../preview/errors.ts'
import { mayBeCommand } from '../comment-event.ts'
import type { Remark, RemarkAuthor } from '../conversation.ts'
import { allPages } from '../http/all-pages.ts'
import type { MergeRequestTarget } from '../port.ts'
import type { PostedRemark } from './conversation-dialect.ts'
import type { RestDialect } from './dialect.ts'
import { allReactions } from './remark-marks.ts'

/** A reaction and the change it makes of its comment are this near to each other. */
const sameMomentMs = 5_000

/** See the port. */
export async function listRemarks(
  dialect: RestDialect,
  target: MergeRequestTarget,
  us: string,
): Promise<readonly Remark[]> {
  const { name, http, calls, conversation, paging } = dialect
  const answer = await allPages(
    http,
    conversation.calls.remarks(target),
    paging(({ id }) => id, 'comments'),
  )
  if (answer.kind === 'status') {
    await http.ask(calls.repository(target.repository))
    // Gone between two reads: the next look finds out.
    throw new RetryLater(`${name} no longer finds merge request ${target.number} of ${target.repository}`)
  }
  const remarks = answer.value
    .filter(isOfSomebodyElse(us))
    .toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime() || one.id - other.id)
  return Promise.all(
    remarks.map(async ({ updatedAt, ...remark }) => ({
      ...remark,
      edited:
        updatedAt > remark.createdAt && !(await isReactedOnly(dialect, target, { ...remark, updatedAt })),
    })),
  )
}

type Attributed = PostedRemark & { readonly author: RemarkAuthor }

function isOfSomebodyElse(us: string): (remark: PostedRemark) => remark is Attributed {
  return (remark): remark is Attributed =>
    remark.author !== null && remark.author.login.toLowerCase() !== us.toLowerCase()
}

/**
 * Whether the newest reaction explains when a comment was changed last. Only asked of what may be a command: an answer costs
 * a call, and people react a lot.
 */
async function isReactedOnly(
  dialect: RestDialect,
  target: MergeRequestTarget,
  { id, body, updatedAt }: PostedRemark,
): Promise<boolean> {
  if (!dialect.conversation.reactionsChangeComments || !mayBeCommand(body)) return false
  const reactions = (await allReactions(dialect, { ...target, remark: id })) ?? []
  const newest = Math.max(0, ...reactions.map(({ createdAt }) => createdAt.getTime()))
  return updatedAt.getTime() - newest <= sameMomentMs
}
