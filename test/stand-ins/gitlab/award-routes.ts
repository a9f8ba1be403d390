import { bodyText, type ForgeReply, type ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import {
  may,
  type SandboxComment,
  type SandboxMergeRequest,
  type SandboxReaction,
} from '../../../src/sandbox/forge/state.ts'
import {
  type GitlabContext,
  type GitlabRoute,
  type MergeRequestHandler,
  withMergeRequest,
} from './gitlab-route.ts'
import { paged } from './paged.ts'
import { pagination } from './parameters.ts'
import { recordNotFound, refused, unauthorized } from './refusals.ts'
import { timeOf } from './times.ts'
import { userPayload } from './user-payloads.ts'

const all = '/projects/:id/merge_requests/:iid/notes/:note_id/award_emoji'

/** Emoji on notes, as lib/api/award_emoji.rb gives and takes them. */
export const awardRoutes: readonly GitlabRoute[] = [
  {
    method: 'GET',
    path: all,
    parameters: { query: pagination, body: {}, required: [] },
    handle: withMergeRequest(withNote(list)),
  },
  {
    method: 'POST',
    path: all,
    parameters: { query: {}, body: { name: 'text' }, required: ['name'] },
    handle: withMergeRequest(withNote(add)),
  },
  {
    method: 'DELETE',
    path: `${all}/:award_id`,
    parameters: { query: {}, body: {}, required: [] },
    handle: withMergeRequest(withNote(remove)),
  },
]

type NoteHandler = (
  request: ForgeRequest,
  comment: SandboxComment,
  context: GitlabContext,
  mergeRequest: SandboxMergeRequest,
) => ForgeReply

function withNote(handle: NoteHandler): MergeRequestHandler {
  return (request, mergeRequest, context) => {
    const comment = mergeRequest.comments.find(({ id }) => String(id) === request.parts['note_id'])
    return comment === undefined ? recordNotFound : handle(request, comment, context, mergeRequest)
  }
}

function list(request: ForgeRequest, comment: SandboxComment, context: GitlabContext): ForgeReply {
  const payloadOf = (reaction: SandboxReaction) => awardPayload(comment, reaction, request.url)
  return paged(request, context, comment.reactions, payloadOf)
}

/** Whoever may not, and whoever did already, gets a 404. */
function add(request: ForgeRequest, comment: SandboxComment): ForgeReply {
  const { repository, user, actions, url } = request
  const word = bodyText(request, 'name') ?? ''
  if (!may(repository, user, 'comment')) return refused(404, '404 Award Emoji Not Found')
  if (comment.reactions.some((other) => other.user.id === user.id && other.word === word))
    return refused(404, '404 Award Emoji Name has already been taken Not Found')
  const reaction = actions.react(repository.fullName, comment.id, user, word)
  return { status: 201, body: awardPayload(comment, reaction, url) }
}

function remove({ repository, user, actions, parts }: ForgeRequest, comment: SandboxComment): ForgeReply {
  const reaction = comment.reactions.find(({ id }) => String(id) === parts['award_id'])
  if (reaction === undefined) return recordNotFound
  if (reaction.user.id !== user.id) return unauthorized
  actions.unreact(repository.fullName, comment.id, user, reaction.word)
  return { status: 204 }
}

/** `API_Entities_AwardEmoji`. */
function awardPayload(
  { id: note }: SandboxComment,
  { id, user, word }: SandboxReaction,
  url: string,
): object {
  return {
    id,
    name: word,
    user: userPayload(user, url),
    created_at: timeOf(id),
    updated_at: timeOf(id),
    awardable_id: note,
    awardable_type: 'Note',
    url: null,
  }
}
