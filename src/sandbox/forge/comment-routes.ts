import { commentPayload } from './payloads.ts'
import { type ForgeReply, type ForgeRequest, notFound, numberOf, paged, type Route, textOf } from './route.ts'
import type { SandboxComment } from './state.ts'

/** Comments of merge requests. */
export const commentRoutes: readonly Route[] = [
  { method: 'GET', path: '/repos/:owner/:name/issues/:number/comments', handle: listComments },
  { method: 'POST', path: '/repos/:owner/:name/issues/:number/comments', handle: createComment },
  {
    method: 'PATCH',
    path: '/repos/:owner/:name/issues/comments/:id',
    handle: (request) => withOwn(request, edit),
  },
  {
    method: 'DELETE',
    path: '/repos/:owner/:name/issues/comments/:id',
    handle: (request) => withOwn(request, remove),
  },
]

function listComments(request: ForgeRequest): ForgeReply {
  const pull = pullOf(request)
  if (pull === undefined) return notFound
  const items = pull.comments.map(commentPayload)
  if (request.pagedComments) return paged(request, items)
  return { status: 200, body: items, headers: { 'x-total-count': String(items.length) } }
}

function createComment(request: ForgeRequest): ForgeReply {
  const pull = pullOf(request)
  const body = textOf(request, 'body')
  if (pull === undefined) return notFound
  if (pull.locked) return { status: 403, body: { message: 'This conversation is locked.' } }
  if (body === undefined || body === '') return { status: 422, body: { message: '[Body]: Required' } }
  const comment = request.deeds.comment(request.repository.fullName, pull.number, request.user, body)
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
  if (comment.author.id !== request.user.id) return { status: 403, body: { message: 'not your comment' } }
  return handle(request, comment)
}

function edit(request: ForgeRequest, { id }: SandboxComment): ForgeReply {
  const body = textOf(request, 'body') ?? ''
  const comment = request.deeds.editComment(request.repository.fullName, id, request.user, body)
  return { status: 200, body: commentPayload(comment) }
}

function remove(request: ForgeRequest, { id }: SandboxComment): ForgeReply {
  request.deeds.deleteComment(request.repository.fullName, id, request.user)
  return { status: 204 }
}

function pullOf(request: ForgeRequest): ForgeRequest['repository']['mergeRequests'][number] | undefined {
  const number = numberOf(request, 'number')
  return request.repository.mergeRequests.find((pull) => pull.number === number)
}
