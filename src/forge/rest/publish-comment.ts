import { RetryLater } from '../../preview/errors.ts'
import { allPages } from '../http/all-pages.ts'
import type { RefusedAnswer } from '../http/call.ts'
import type { CommentResult, MergeRequestTarget, StickyComment } from '../port.ts'
import type { PostedComment, RestDialect } from './dialect.ts'

/** The comment that is wanted, and the login under which it stands. */
export type OurComment = StickyComment & { readonly author: string }

/** Statuses of a conversation that takes no comments: forbidden (to be checked) and archived. */
const closedToUs: readonly number[] = [403, 423]

/** See the port. Of several comments of ours the oldest stays. */
export async function publishComment(
  dialect: RestDialect,
  target: MergeRequestTarget,
  wanted: OurComment,
): Promise<CommentResult> {
  const ours = await ourComments(dialect, target, wanted)
  if (ours === null) return 'skipped'
  const [oldest, ...younger] = ours
  if (oldest !== undefined) return settle(dialect, target, wanted, oldest, younger)
  if (wanted.whenMissing === 'skip') return 'skipped'
  const created = await postComment(dialect, target, wanted.body)
  return created === 'created' ? afterCreation(dialect, target, wanted) : created
}

/** Another replica may have created one at the same moment: only the oldest lives on, with the text wanted last. */
async function afterCreation(
  dialect: RestDialect,
  target: MergeRequestTarget,
  wanted: OurComment,
): Promise<CommentResult> {
  const ours = (await ourComments(dialect, target, wanted)) ?? []
  return ours.length > 1 ? 'unfinished' : 'created'
}

/** Ours by marker and by author, oldest first; null when the merge request is not there while its repository is. */
async function ourComments(
  dialect: RestDialect,
  target: MergeRequestTarget,
  { marker, author: us }: OurComment,
): Promise<readonly PostedComment[] | null> {
  const comments = await allComments(dialect, target)
  if (comments === null) return null
  return comments
    .filter(({ author, body }) => author?.toLowerCase() === us.toLowerCase() && firstLine(body) === marker)
    .sort((one, other) => one.id - other.id)
}

/** For a merge request that does not exist Gitea answers 500 here, not 404: then the merge request itself must tell. */
async function allComments(
  { http, calls, paging }: RestDialect,
  target: MergeRequestTarget,
): Promise<readonly PostedComment[] | null> {
  try {
    const answer = await allPages(
      http,
      calls.comments(target),
      paging(({ id }) => id, 'comments'),
    )
    if (answer.kind === 'value') return answer.value
  } catch (error) {
    const mergeRequest = await http.ask(calls.mergeRequest(target))
    if (mergeRequest.kind === 'value') throw error
  }
  await http.ask(calls.repository(target.repository))
  return null
}

/** One write: the text first, for it is what people read. */
async function settle(
  dialect: RestDialect,
  target: MergeRequestTarget,
  wanted: OurComment,
  oldest: PostedComment,
  younger: readonly PostedComment[],
): Promise<CommentResult> {
  if (!sameText(oldest.body, wanted.body) && !isSettled(oldest.body, wanted)) {
    const edited = await edit(dialect, target, oldest, wanted.body)
    return edited === 'edited' && younger.length > 0 ? 'unfinished' : edited
  }
  const youngest = younger.at(-1)
  if (youngest === undefined) return 'unchanged'
  await dialect.http.ask(dialect.calls.deleteComment(target, youngest.id))
  return younger.length > 1 ? 'unfinished' : 'edited'
}

async function edit(
  dialect: RestDialect,
  target: MergeRequestTarget,
  { id }: PostedComment,
  body: string,
): Promise<'edited' | 'locked'> {
  const call = dialect.calls.editComment(target, id, body)
  const answer = await dialect.http.ask({ ...call, expected: [404, ...closedToUs] })
  if (answer.kind === 'value') return 'edited'
  if (answer.status === 404)
    throw new RetryLater(
      `Somebody deleted the comment on merge request ${target.number} of ${target.repository}`,
    )
  return lockedOrThrow(dialect, target, answer)
}

/** A new comment; `locked` where the conversation takes none. */
export async function postComment(
  dialect: RestDialect,
  target: MergeRequestTarget,
  body: string,
): Promise<'created' | 'locked'> {
  const call = dialect.calls.createComment(target, body)
  const answer = await dialect.http.ask({ ...call, expected: closedToUs })
  if (answer.kind === 'value') return 'created'
  return lockedOrThrow(dialect, target, answer)
}

/** 403 has two meanings: a locked conversation, which the merge request itself tells, and a token without the right. */
async function lockedOrThrow(
  { http, calls }: RestDialect,
  target: MergeRequestTarget,
  refusal: RefusedAnswer,
): Promise<'locked'> {
  if (refusal.status === 423) return 'locked'
  const answer = await http.ask(calls.mergeRequest(target))
  if (answer.kind === 'value' && answer.value.locked) return 'locked'
  throw refusal.error
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim()
}

function isSettled(body: string, { settledBy }: StickyComment): boolean {
  return settledBy !== null && body.split('\n').some((line) => line.trim() === settledBy)
}

/** Forges keep line ends and the last newline as they like. */
function sameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n').trimEnd() === other.replaceAll('\r\n', '\n').trimEnd()
}
