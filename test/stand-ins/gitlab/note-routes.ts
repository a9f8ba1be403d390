import { type ForgeReply, type ForgeRequest, bodyText } from '../../../src/sandbox/forge/route.ts'
import { may, type SandboxComment, type SandboxMergeRequest } from '../../../src/sandbox/forge/state.ts'
import {
  type GitlabContext,
  type GitlabRoute,
  type MergeRequestHandler,
  withMergeRequest,
} from './gitlab-route.ts'
import { type Note, noteOf, notePayload, notesOf } from './notes.ts'
import { paged } from './paged.ts'
import { pagination } from './parameters.ts'
import { forbidden, recordNotFound, refused } from './refusals.ts'

const all = '/projects/:id/merge_requests/:iid/notes'
const one = `${all}/:note_id`
const mostCharacters = 1_000_000
const withBody = { query: {}, body: { body: 'text' }, required: ['body'] } as const

export const noteRoutes: readonly GitlabRoute[] = [
  {
    method: 'GET',
    path: all,
    parameters: {
      query: {
        ...pagination,
        order_by: ['created_at', 'updated_at'],
        sort: ['asc', 'desc'],
        activity_filter: ['all_notes', 'only_comments', 'only_activity'],
      },
      body: {},
      required: [],
    },
    handle: withMergeRequest(list),
  },
  {
    method: 'POST',
    path: all,
    parameters: { ...withBody, body: { ...withBody.body, internal: 'flag' } },
    handle: withMergeRequest(create),
  },
  { method: 'PUT', path: one, parameters: withBody, handle: withMergeRequest(withOwn(edit)) },
  {
    method: 'DELETE',
    path: one,
    parameters: { query: {}, body: {}, required: [] },
    handle: withMergeRequest(withOwn(remove)),
  },
]

/** The newest first, unless asked otherwise. What is hidden is taken out of its page, and counted all the same. */
function list(request: ForgeRequest, mergeRequest: SandboxMergeRequest, context: GitlabContext): ForgeReply {
  const { repository, query, url } = request
  const filter = query.get('activity_filter') ?? 'all_notes'
  const notes = notesOf(mergeRequest)
    .filter(({ system }) => filter === 'all_notes' || system === (filter === 'only_activity'))
    .toSorted((a, b) => (query.get('sort') === 'asc' ? a.id - b.id : b.id - a.id))
  const page = paged(request, context, notes, (note) => note)
  const shown = (page.body as readonly Note[]).filter(({ system, ...note }) => system || !context.hides(note))
  return { ...page, body: shown.map((note) => notePayload(repository, mergeRequest, note, url)) }
}

function create(
  request: ForgeRequest,
  mergeRequest: SandboxMergeRequest,
  context: GitlabContext,
): ForgeReply {
  const { repository, actions, user, url } = request
  const isShut = mergeRequest.locked && context.strangers.includes(user.login)
  if (isShut || !may(repository, user, 'comment')) return forbidden
  const body = bodyText(request, 'body') ?? ''
  const wrong = bodyRefusal(body)
  if (wrong !== null) return wrong
  const comment = actions.comment(repository.fullName, mergeRequest.number, user, body)
  return { status: 201, body: notePayload(repository, mergeRequest, noteOf(comment), url) }
}

function edit(request: ForgeRequest, mergeRequest: SandboxMergeRequest, comment: SandboxComment): ForgeReply {
  const { repository, actions, user, url } = request
  const body = bodyText(request, 'body') ?? ''
  const wrong = bodyRefusal(body)
  if (wrong !== null) return wrong
  const edited = actions.editComment(repository.fullName, comment.id, user, body)
  return { status: 200, body: notePayload(repository, mergeRequest, noteOf(edited), url) }
}

function remove(
  { repository, actions, user }: ForgeRequest,
  _mergeRequest: SandboxMergeRequest,
  { id }: SandboxComment,
): ForgeReply {
  actions.deleteComment(repository.fullName, id, user)
  return { status: 204 }
}

function bodyRefusal(body: string): ForgeReply | null {
  if (body.trim() === '') return refused(400, '400 Bad request - Note {:note=>["can\'t be blank"]}')
  if (body.length <= mostCharacters) return null
  return refused(400, '400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}')
}

type OwnHandler = (
  request: ForgeRequest,
  mergeRequest: SandboxMergeRequest,
  comment: SandboxComment,
) => ForgeReply

/** A maintainer may change those of others; the stand-in lets nobody do what Mayfly must not. */
function withOwn(handle: OwnHandler): MergeRequestHandler {
  return (request, mergeRequest, { strangers }) => {
    const { parts, user, repository } = request
    const comment = mergeRequest.comments.find(({ id }) => String(id) === parts['note_id'])
    if (comment === undefined) return recordNotFound
    const isShut = mergeRequest.locked && strangers.includes(user.login)
    const isOurs = comment.author.login === user.login && may(repository, user, 'comment')
    return isOurs && !isShut ? handle(request, mergeRequest, comment) : forbidden
  }
}
