import { type ForgeReply, type ForgeRequest, type Route, bodyText } from '../route.ts'
import { hasCommit, headOf, may } from '../state.ts'
import { paged } from './paged.ts'
import { repositoryPayload, statusPayload, userPayload } from './payloads.ts'
import { forbidden, notFound } from './refusals.ts'

/** The user, the repository, its commits and their statuses. */
export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', path: '/user', handle: ({ user }) => ({ status: 200, body: userPayload(user) }) },
  {
    method: 'POST',
    path: '/user/repos',
    handle: (request) => {
      const repository = request.actions.createRepository(
        `${request.user.login}/${bodyText(request, 'name') ?? 'unnamed'}`,
      )
      return { status: 201, body: repositoryPayload(repository, request.url) }
    },
  },
  { method: 'GET', path: '/repos/:owner/:name', handle: showRepository },
  {
    method: 'PATCH',
    path: '/repos/:owner/:name',
    handle: (request) => {
      const [owner = ''] = request.repository.fullName.split('/')
      const name = bodyText(request, 'name')
      if (name !== undefined)
        request.actions.renameRepository(request.repository.fullName, `${owner}/${name}`)
      return showRepository(request)
    },
  },
  { method: 'GET', path: '/repos/:owner/:name/commits/:sha/statuses', handle: listStatuses },
  { method: 'POST', path: '/repos/:owner/:name/statuses/:sha', handle: createStatus },
  { method: 'POST', path: '/repos/:owner/:name/contents/*', handle: commitFile },
]

function showRepository({ repository, url }: ForgeRequest): ForgeReply {
  return { status: 200, body: repositoryPayload(repository, url) }
}

function listStatuses(request: ForgeRequest): ForgeReply {
  const sha = request.parts['sha'] ?? ''
  if (!hasCommit(request.repository, sha)) return notFound
  const statuses = request.repository.statuses.filter((status) => status.sha === sha)
  return paged(request, statuses.toReversed().map(statusPayload))
}

function createStatus(request: ForgeRequest): ForgeReply {
  const sha = request.parts['sha'] ?? ''
  if (!hasCommit(request.repository, sha)) return notFound
  if (!may(request.repository, request.user, 'status'))
    return forbidden('user should have a permission to write to a repo')
  const status = {
    id: request.repository.statuses.length + 1,
    sha,
    context: bodyText(request, 'context') ?? 'default',
    state: bodyText(request, 'state') ?? 'pending',
    description: bodyText(request, 'description') ?? '',
    targetUrl: bodyText(request, 'target_url') ?? '',
  }
  request.repository.statuses.push(status)
  return { status: 201, body: statusPayload(status) }
}

/** Committing a file to the branch of a merge request is the push that needs no Git. */
function commitFile(request: ForgeRequest): ForgeReply {
  const branch = bodyText(request, 'branch')
  const pull = request.repository.mergeRequests.find((candidate) => candidate.branch === branch)
  if (pull === undefined) return notFound
  request.actions.push(request.repository.fullName, pull.number)
  return { status: 201, body: { commit: { sha: headOf(pull) } } }
}
