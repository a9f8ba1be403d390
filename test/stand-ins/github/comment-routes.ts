import { type ForgeReply, type ForgeRequest, bodyText } from '../../../src/sandbox/forge/route.ts'
import type { SandboxComment, SandboxMergeRequest } from '../../../src/sandbox/forge/state.ts'
import { commentPayload } from './comment-payload.ts'
import type { GithubPlace, GithubRoute } from './github-route.ts'
import { paged } from './paged.ts'
import { invalid, notFound, refused } from './refusals.ts'

const all = '/repos/:owner/:repo/issues/:issue_number/comments'
const one = '/repos/:owner/:repo/issues/comments/:comment_id'
const reading = ['issues=read', 'pull_requests=read']
const writing = ['issues=write', 'pull_requests=write']
const mostCharacters = 65_536

/** Comments on pull requests, which are issues here. */
export const commentRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: all, needs: reading, handle: list },
  { method: 'POST', path: all, needs: writing, handle: create },
  { method: 'PATCH', path: one, needs: writing, handle: edit },
  { method: 'DELETE', path: one, needs: writing, handle: remove },
]

/** The oldest first. */
function list(request: ForgeRequest, at: GithubPlace): ForgeReply {
  const pull = pullOf(request)
  if (pull === undefined) return notFound
  const payloadOf = (comment: SandboxComment) => commentPayload(request.repository, pull, comment, at)
  return paged(request, at.asked, pull.comments, payloadOf)
}

function create(request: ForgeRequest, at: GithubPlace): ForgeReply {
  const pull = pullOf(request)
  if (pull === undefined) return notFound
  if (pull.locked)
    return refused(
      403,
      'Unable to create comment because issue is locked.',
      'https://docs.github.com/articles/locking-conversations/',
    )
  const body = bodyText(request, 'body')
  const wrong = bodyRefusal(body)
  if (body === undefined || wrong !== null) return wrong ?? notFound
  const comment = request.actions.comment(request.repository.fullName, pull.number, request.user, body)
  return { status: 201, body: commentPayload(request.repository, pull, comment, at) }
}

function edit(request: ForgeRequest, at: GithubPlace): ForgeReply {
  const found = ownComment(request)
  if ('status' in found) return found
  const body = bodyText(request, 'body')
  const wrong = bodyRefusal(body)
  if (body === undefined || wrong !== null) return wrong ?? notFound
  const { repository, user } = request
  const comment = request.actions.editComment(repository.fullName, found.comment.id, user, body)
  return { status: 200, body: commentPayload(repository, found.pull, comment, at) }
}

function remove(request: ForgeRequest): ForgeReply {
  const found = ownComment(request)
  if ('status' in found) return found
  request.actions.deleteComment(request.repository.fullName, found.comment.id, request.user)
  return { status: 204 }
}

function bodyRefusal(body: string | undefined): ForgeReply | null {
  const field = { resource: 'IssueComment', code: 'unprocessable', field: 'data' }
  if (body === undefined) return invalid({ ...field, code: 'missing_field', field: 'body' })
  if (body.trim() === '') return invalid({ ...field, message: 'Body cannot be blank' })
  if (body.length <= mostCharacters) return null
  return invalid({ ...field, message: `Body is too long (maximum is ${mostCharacters} characters)` })
}

/** A maintainer may change those of others; the stand-in lets nobody do what Mayfly must not. */
function ownComment(
  request: ForgeRequest,
): ForgeReply | { readonly pull: SandboxMergeRequest; readonly comment: SandboxComment } {
  for (const pull of request.repository.mergeRequests)
    for (const comment of pull.comments)
      if (String(comment.id) === request.parts['comment_id'])
        return comment.author.login === request.user.login
          ? { pull, comment }
          : refused(403, 'Must have admin rights to Repository.')
  return notFound
}

function pullOf({ repository, parts }: ForgeRequest): SandboxMergeRequest | undefined {
  return repository.mergeRequests.find(({ number }) => String(number) === parts['issue_number'])
}
