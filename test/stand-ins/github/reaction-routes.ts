import { bodyText, type ForgeReply, type ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import type { SandboxComment, SandboxReaction } from '../../../src/sandbox/forge/state.ts'
import { type Address, nodeId } from './address.ts'
import type { GithubPlace, GithubRoute } from './github-route.ts'
import { paged } from './paged.ts'
import { notFound, refused } from './refusals.ts'
import { timeOf } from './times.ts'
import { userPayload } from './user-payloads.ts'

const all = '/repos/:owner/:repo/issues/comments/:comment_id/reactions'
const one = `${all}/:reaction_id`
const reading = ['issues=read', 'pull_requests=read']
const writing = ['issues=write', 'pull_requests=write']

/** Reactions to comments on pull requests. */
export const reactionRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: all, needs: reading, handle: list },
  { method: 'POST', path: all, needs: writing, handle: add },
  { method: 'DELETE', path: one, needs: writing, handle: remove },
]

function list(request: ForgeRequest, at: GithubPlace): ForgeReply {
  const comment = commentIn(request)
  if (comment === undefined) return notFound
  const wanted = request.query.get('content')
  const reactions = comment.reactions.filter(({ word }) => wanted === null || word === wanted)
  return paged(request, at.asked, reactions, (reaction) => reactionPayload(reaction, at))
}

function add(request: ForgeRequest, at: GithubPlace): ForgeReply {
  const comment = commentIn(request)
  if (comment === undefined) return notFound
  const word = bodyText(request, 'content') ?? ''
  const { user, actions, repository } = request
  const isThere = comment.reactions.some((other) => other.user.id === user.id && other.word === word)
  const reaction = actions.react(repository.fullName, comment.id, user, word)
  return { status: isThere ? 200 : 201, body: reactionPayload(reaction, at) }
}

function remove(request: ForgeRequest): ForgeReply {
  const comment = commentIn(request)
  const reaction = comment?.reactions.find(({ id }) => String(id) === request.parts['reaction_id'])
  if (comment === undefined || reaction === undefined) return notFound
  if (reaction.user.id !== request.user.id) return refused(403, 'Must have admin rights to Repository.')
  request.actions.unreact(request.repository.fullName, comment.id, request.user, reaction.word)
  return { status: 204 }
}

/** `reaction`. */
function reactionPayload({ id, user, word }: SandboxReaction, at: Address): object {
  return {
    id,
    node_id: nodeId('Reaction', id),
    user: userPayload(user, at),
    content: word,
    created_at: timeOf(id),
  }
}

function commentIn({ repository, parts }: ForgeRequest): SandboxComment | undefined {
  return repository.mergeRequests
    .flatMap(({ comments }) => comments)
    .find(({ id }) => String(id) === parts['comment_id'])
}
