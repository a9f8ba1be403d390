import { type ForgeReply, type ForgeRequest, numberOf, type Route, bodyText } from '../route.ts'
import type { SandboxMergeRequest } from '../state.ts'
import { paged } from './paged.ts'
import { filePayload, pullPayload } from './payloads.ts'
import { notFound } from './refusals.ts'

/** Merge requests: read, list, open, change, merge, label, lock. */
export const pullRoutes: readonly Route[] = [
  { method: 'GET', path: '/repos/:owner/:name/pulls', handle: listPulls },
  { method: 'POST', path: '/repos/:owner/:name/pulls', handle: openPull },
  { method: 'GET', path: '/repos/:owner/:name/pulls/:number', handle: (request) => withPull(request, show) },
  {
    method: 'GET',
    path: '/repos/:owner/:name/pulls/:number/files',
    handle: (request) => withPull(request, listFiles),
  },
  {
    method: 'PATCH',
    path: '/repos/:owner/:name/pulls/:number',
    handle: (request) => withPull(request, change),
  },
  {
    method: 'POST',
    path: '/repos/:owner/:name/pulls/:number/merge',
    handle: (request) => withPull(request, merge),
  },
  {
    method: 'PUT',
    path: '/repos/:owner/:name/issues/:number/labels',
    handle: (request) => withPull(request, label),
  },
  {
    method: 'PUT',
    path: '/repos/:owner/:name/issues/:number/lock',
    handle: (request) => withPull(request, lock(true)),
  },
  {
    method: 'DELETE',
    path: '/repos/:owner/:name/issues/:number/lock',
    handle: (request) => withPull(request, lock(false)),
  },
]

type PullHandler = (request: ForgeRequest, pull: SandboxMergeRequest) => ForgeReply

function withPull(request: ForgeRequest, handle: PullHandler): ForgeReply {
  const number = numberOf(request, 'number')
  const pull = request.repository.mergeRequests.find((candidate) => candidate.number === number)
  if (pull === undefined || !request.repository.mergeRequestsEnabled) return notFound
  return handle(request, pull)
}

function show({ repository, url }: ForgeRequest, pull: SandboxMergeRequest): ForgeReply {
  return { status: 200, body: pullPayload(repository, pull, url) }
}

/** Newest first, as Gitea does. */
function listPulls(request: ForgeRequest): ForgeReply {
  if (!request.repository.mergeRequestsEnabled) return notFound
  const wanted = request.query.get('state') ?? 'open'
  const pulls = request.repository.mergeRequests
    .filter((pull) => wanted === 'all' || (pull.state === 'open') === (wanted === 'open'))
    .sort((one, other) => other.number - one.number)
  return paged(
    request,
    pulls.map((pull) => pullPayload(request.repository, pull, request.url)),
  )
}

function listFiles(request: ForgeRequest, pull: SandboxMergeRequest): ForgeReply {
  return paged(request, pull.files.map(filePayload))
}

function openPull(request: ForgeRequest): ForgeReply {
  const branch = bodyText(request, 'head')
  const targetBranch = bodyText(request, 'base')
  if (branch === undefined || targetBranch === undefined)
    return { status: 422, body: { message: '[Head]: Required, [Base]: Required' } }
  const pull = request.actions.openMergeRequest(request.repository.fullName, {
    branch,
    targetBranch,
    author: request.user,
    title: bodyText(request, 'title') ?? branch,
    body: bodyText(request, 'body') ?? '',
  })
  return { status: 201, body: pullPayload(request.repository, pull, request.url) }
}

function change(request: ForgeRequest, pull: SandboxMergeRequest): ForgeReply {
  const name = request.repository.fullName
  const state = bodyText(request, 'state')
  const title = bodyText(request, 'title')
  const targetBranch = bodyText(request, 'base')
  if (title !== undefined || targetBranch !== undefined)
    request.actions.edit(name, pull.number, {
      ...(title === undefined ? {} : { title }),
      ...(targetBranch === undefined ? {} : { targetBranch }),
    })
  if (state === 'open' || state === 'closed') request.actions.setState(name, pull.number, state)
  return { ...show(request, pull), status: 201 }
}

function merge(request: ForgeRequest, pull: SandboxMergeRequest): ForgeReply {
  if (pull.state !== 'open') return { status: 405, body: { message: 'not open' } }
  request.actions.setState(request.repository.fullName, pull.number, 'merged')
  return { status: 200 }
}

function label(request: ForgeRequest, pull: SandboxMergeRequest): ForgeReply {
  const given = request.body['labels']
  const labels = Array.isArray(given) ? given.filter((item): item is string => typeof item === 'string') : []
  request.actions.label(request.repository.fullName, pull.number, labels)
  return { status: 200, body: labels.map((name, index) => ({ id: index + 1, name })) }
}

function lock(locked: boolean): PullHandler {
  return (_request, pull) => {
    pull.locked = locked
    return { status: 204 }
  }
}
