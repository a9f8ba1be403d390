import { RetryLater, type Stalled } from '../../preview/errors.ts'
import { allPages } from '../http/all-pages.ts'
import type { CommentResult, MergeRequestTarget, StickyComment } from '../port.ts'
import { giteaCalls } from './gitea-calls.ts'
import type { GiteaContext } from './gitea-context.ts'
import { giteaPaging } from './gitea-paging.ts'
import type { GiteaComment } from './schema.ts'

/** Statuses of a conversation that takes no comments: forbidden (to be checked) and archived. */
const closedToUs: readonly number[] = [403, 423]

/** See the port. Of several comments of ours the oldest stays. */
export async function publishComment(
  context: GiteaContext,
  target: MergeRequestTarget,
  wanted: StickyComment,
): Promise<CommentResult> {
  const ours = await ourComments(context, target, wanted.marker)
  if (ours === null) return 'skipped'
  const [oldest, ...younger] = ours
  if (oldest !== undefined) return settle(context, target, wanted, oldest, younger)
  if (wanted.whenMissing === 'skip') return 'skipped'
  const created = await create(context, target, wanted.body)
  return created === 'created' ? afterCreation(context, target, wanted) : created
}

/** Another replica may have created one at the same moment: only the oldest lives on, with the text wanted here. */
async function afterCreation(
  context: GiteaContext,
  target: MergeRequestTarget,
  wanted: StickyComment,
): Promise<CommentResult> {
  const [oldest, ...younger] = (await ourComments(context, target, wanted.marker)) ?? []
  if (oldest !== undefined && younger.length > 0) await settle(context, target, wanted, oldest, younger)
  return 'created'
}

/** Ours by marker and by author, oldest first; null when the merge request is not there while its repository is. */
async function ourComments(
  context: GiteaContext,
  target: MergeRequestTarget,
  marker: string,
): Promise<readonly GiteaComment[] | null> {
  const me = (await context.login()).toLowerCase()
  const comments = await allComments(context, target)
  if (comments === null) return null
  return comments
    .filter((comment) => comment.user?.login.toLowerCase() === me && firstLine(comment.body ?? '') === marker)
    .sort((one, other) => one.id - other.id)
}

/** For a merge request that does not exist Gitea answers 500 here, not 404: then the merge request itself must tell. */
async function allComments(
  { http }: GiteaContext,
  { repository, number }: MergeRequestTarget,
): Promise<readonly GiteaComment[] | null> {
  const paging = giteaPaging((comment: GiteaComment) => comment.id)
  try {
    const answer = await allPages(http, giteaCalls.comments(repository, number), paging)
    if (answer.kind === 'value') return answer.value
  } catch (error) {
    const pull = await http.ask(giteaCalls.pull(repository, number))
    if (pull.kind === 'value') throw error
  }
  await http.ask(giteaCalls.repository(repository))
  return null
}

async function settle(
  context: GiteaContext,
  target: MergeRequestTarget,
  wanted: StickyComment,
  oldest: GiteaComment,
  younger: readonly GiteaComment[],
): Promise<CommentResult> {
  for (const comment of younger)
    await context.http.ask(giteaCalls.deleteComment(target.repository, comment.id))
  if (sameText(oldest.body ?? '', wanted.body)) return 'unchanged'
  const call = giteaCalls.editComment(target.repository, oldest.id, wanted.body)
  const answer = await context.http.ask({ ...call, expected: [404, ...closedToUs] })
  if (answer.kind === 'value') return 'edited'
  if (answer.status === 404)
    throw new RetryLater(
      `Somebody deleted the comment on merge request ${target.number} of ${target.repository}`,
    )
  return lockedOrThrow(context, target, answer)
}

async function create(
  context: GiteaContext,
  target: MergeRequestTarget,
  body: string,
): Promise<'created' | 'locked'> {
  const call = giteaCalls.createComment(target.repository, target.number, body)
  const answer = await context.http.ask({ ...call, expected: closedToUs })
  if (answer.kind === 'value') return 'created'
  return lockedOrThrow(context, target, answer)
}

/** 403 has two meanings: a locked conversation, which the merge request itself tells, and a token without the right. */
async function lockedOrThrow(
  { http }: GiteaContext,
  { repository, number }: MergeRequestTarget,
  refusal: { readonly status: number; readonly error: Stalled },
): Promise<'locked'> {
  if (refusal.status === 423) return 'locked'
  const pull = await http.ask(giteaCalls.pull(repository, number))
  if (pull.kind === 'value' && pull.value.is_locked === true) return 'locked'
  throw refusal.error
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim()
}

/** Forges keep line ends and the last newline as they like. */
function sameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n').trimEnd() === other.replaceAll('\r\n', '\n').trimEnd()
}
