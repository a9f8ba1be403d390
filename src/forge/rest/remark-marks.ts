import type { RemarkMark, RemarkTarget } from '../conversation.ts'
import { allPages } from '../http/all-pages.ts'
import type { PostedReaction } from './conversation-dialect.ts'
import type { RestDialect } from './dialect.ts'

/** What stands beside another one for a moment: the end of a command says more than its beginning. */
const lastWordFirst = ['done', 'refused', 'seen'] as const satisfies readonly RemarkMark[]

/** See the port. */
export async function readMark(
  dialect: RestDialect,
  target: RemarkTarget,
  us: string,
): Promise<RemarkMark | null> {
  const words = (await ourReactions(dialect, target, us))?.map(({ word }) => word) ?? []
  const { marks } = dialect.conversation
  return lastWordFirst.find((mark) => words.includes(marks[mark])) ?? null
}

/** See the port. The new one first: whatever ends us in between, the remark never stands without a mark. */
export async function setMark(
  dialect: RestDialect,
  target: RemarkTarget,
  { login, mark }: { readonly login: string; readonly mark: RemarkMark },
): Promise<void> {
  const { http, conversation } = dialect
  const ours = await ourReactions(dialect, target, login)
  if (ours === null) return
  const wanted = conversation.marks[mark]
  if (!ours.some(({ word }) => word === wanted)) await add(dialect, target, { login, wanted })
  const words = Object.values(conversation.marks)
  for (const reaction of ours)
    if (reaction.word !== wanted && words.includes(reaction.word))
      await http.ask(conversation.calls.removeReaction(target, reaction))
}

/** A 404 has three meanings: it was there a moment before us, its remark is gone, or we may not. */
async function add(
  dialect: RestDialect,
  target: RemarkTarget,
  { login, wanted }: { readonly login: string; readonly wanted: string },
): Promise<void> {
  const answer = await dialect.http.ask(dialect.conversation.calls.addReaction(target, wanted))
  if (answer.kind === 'value') return
  const ours = await ourReactions(dialect, target, login)
  if (ours !== null && !ours.some(({ word }) => word === wanted)) throw answer.error
}

async function ourReactions(
  dialect: RestDialect,
  target: RemarkTarget,
  us: string,
): Promise<readonly PostedReaction[] | null> {
  const reactions = await allReactions(dialect, target)
  return reactions?.filter(({ login }) => login?.toLowerCase() === us.toLowerCase()) ?? null
}

/** Null when the remark is not there while its repository is. */
export async function allReactions(
  { http, calls, conversation, paging }: RestDialect,
  target: RemarkTarget,
): Promise<readonly PostedReaction[] | null> {
  const call = conversation.calls.reactions(target)
  const answer = conversation.pagesReactions
    ? await allPages(
        http,
        { ...call, schema: call.schema.transform((reactions) => reactions ?? []) },
        paging(({ id }) => id, 'reactions'),
      )
    : await http.ask(call)
  if (answer.kind === 'value') return answer.value ?? []
  await http.ask(calls.repository(target.repository))
  return null
}
