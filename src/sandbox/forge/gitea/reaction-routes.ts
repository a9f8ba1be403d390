import { bodyText, type ForgeReply, type ForgeRequest, numberOf, type Route } from '../route.ts'
import { may, type SandboxComment, type SandboxMergeRequest } from '../state.ts'
import { reactionPayload } from './payloads.ts'
import { forbidden, notFound } from './refusals.ts'

const path = '/repos/:owner/:name/issues/comments/:id/reactions'
const known = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes']

/** Reactions to comments, as in routers/api/v1/repo/issue_reaction.go of Gitea 1.26. */
export const reactionRoutes: readonly Route[] = [
  { method: 'GET', path, handle: (request) => withComment(request, list) },
  { method: 'POST', path, handle: (request) => withComment(request, add) },
  { method: 'DELETE', path, handle: (request) => withComment(request, remove) },
]

type CommentHandler = (
  request: ForgeRequest,
  comment: SandboxComment,
  pull: SandboxMergeRequest,
) => ForgeReply

function withComment(request: ForgeRequest, handle: CommentHandler): ForgeReply {
  const id = numberOf(request, 'id')
  for (const pull of request.repository.mergeRequests)
    for (const comment of pull.comments) if (comment.id === id) return handle(request, comment, pull)
  return notFound
}

/** All at once, without a count; nobody reacted is null. */
function list(_request: ForgeRequest, { reactions }: SandboxComment): ForgeReply {
  return { status: 200, body: reactions.length === 0 ? null : reactions.map(reactionPayload) }
}

function add(request: ForgeRequest, comment: SandboxComment, pull: SandboxMergeRequest): ForgeReply {
  const refusal = changeRefusal(request, pull)
  if (refusal !== null) return refusal
  const word = bodyText(request, 'content') ?? ''
  if (!known.includes(word)) return forbidden(`'${word}' is not an allowed reaction`)
  const isThere = comment.reactions.some(
    ({ user, ...one }) => user.id === request.user.id && one.word === word,
  )
  const reaction = request.actions.react(request.repository.fullName, comment.id, request.user, word)
  return { status: isThere ? 200 : 201, body: reactionPayload(reaction) }
}

function remove(request: ForgeRequest, comment: SandboxComment, pull: SandboxMergeRequest): ForgeReply {
  const refusal = changeRefusal(request, pull)
  if (refusal !== null) return refusal
  const word = bodyText(request, 'content') ?? ''
  request.actions.unreact(request.repository.fullName, comment.id, request.user, word)
  return { status: 204 }
}

function changeRefusal(
  { repository, user }: ForgeRequest,
  { locked }: SandboxMergeRequest,
): ForgeReply | null {
  return locked || !may(repository, user, 'comment') ? forbidden('no permission to change reaction') : null
}
