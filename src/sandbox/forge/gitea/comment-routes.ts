import { type ForgeReply, type ForgeRequest, numberOf, type Route, bodyText } from '../route.ts'
import { may, type SandboxComment, type SandboxMergeRequest } from '../state.ts'
import { paged } from './paged.ts'
import { commentPayload } from './payloads.ts'
import { forbidden, notFound } from './refusals.ts'

/** Comments of merge requests; whether their list has pages is for the caller to say (it has none in Gitea 1.26). */
export function commentRoutes(pagedComments: boolean): readonly Route[] {
  const all = '/repos/:owner/:name/issues/:number/comments'
  const one = '/repos/:owner/:name/issues/comments/:id'
  return [
    { method: 'GET', path: all, handle: (request) => listComments(request, pagedComments) },
    { method: 'POST', path: all, handle: createComment },
    { method: 'PATCH', path: one, handle: (request) => withOwn(request, edit) },
    { method: 'DELETE', path: one, handle: (request) => withOwn(request, remove) },
  ]
}

function listComments(request: ForgeRequest, pagedComments: boolean): ForgeReply {
  const pull = pullOf(request)
  if (pull === undefined) return notFound
  const items = pull.comments.map(commentPayload)
  if (pagedComments) return paged(request, items)
  return { status: 200, body: items, headers: { 'x-total-count': String(items.length) } }
}

function createComment(request: ForgeRequest): ForgeReply {
  const pull = pullOf(request)
  const body = bodyText(request, 'body')
  if (pull === undefined) return notFound
  if (pull.locked) return forbidden('This conversation is locked.')
  if (!may(request.repository, request.user, 'comment'))
    return forbidden('user should have permission to comment')
  if (body === undefined || body === '') return { status: 422, body: { message: '[Body]: Required' } }
  const comment = request.actions.comment(request.repository.fullName, pull.number, request.user, body)
  return { status: 201, body: commentPayload(comment) }
}

function withOwn(
  request: ForgeRequest,
  handle: (request: ForgeRequest, comment: SandboxComment) => ForgeReply,
): ForgeReply {
  const id = numberOf(request, 'id')
  const comment = request.repository.mergeRequests
    .flatMap(({ comments }) => comments)
    .find((other) => other.id === id)
  if (comment === undefined) return notFound
  if (comment.author.id !== request.user.id) return forbidden('not your comment')
  return handle(request, comment)
}

function edit(request: ForgeRequest, { id }: SandboxComment): ForgeReply {
  const body = bodyText(request, 'body') ?? ''
  const comment = request.actions.editComment(request.repository.fullName, id, request.user, body)
  return { status: 200, body: commentPayload(comment) }
}

function remove(request: ForgeRequest, { id }: SandboxComment): ForgeReply {
  request.actions.deleteComment(request.repository.fullName, id, request.user)
  return { status: 204 }
}

function pullOf(request: ForgeRequest): SandboxMergeRequest | undefined {
  const number = numberOf(request, 'number')
  return request.repository.mergeRequests.find((pull) => pull.number === number)
}
