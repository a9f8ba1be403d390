import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import type { SandboxMergeRequest } from '../../../src/sandbox/forge/state.ts'
import type { GithubPlace, GithubRoute } from './github-route.ts'
import { paged } from './paged.ts'
import { filePayload, fullPullPayload, pullPayload } from './pull-payloads.ts'
import { notFound } from './refusals.ts'
import { fullRepositoryPayload } from './repository-payloads.ts'

const repo = '/repos/:owner/:repo'
const needs = ['pull_requests=read']
/** GitHub lists no more changed files than these. */
const mostFiles = 3000

/** The repository and its pull requests. */
export const repositoryRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    path: repo,
    needs: ['metadata=read'],
    handle: ({ repository }, at) => ({ status: 200, body: fullRepositoryPayload(repository, at) }),
  },
  { method: 'GET', path: `${repo}/pulls`, needs, handle: listPulls },
  { method: 'GET', path: `${repo}/pulls/:pull_number`, needs, handle: (...given) => withPull(given, show) },
  {
    method: 'GET',
    path: `${repo}/pulls/:pull_number/files`,
    needs,
    handle: (...given) => withPull(given, listFiles),
  },
]

/** By age: the newest first unless asked otherwise. */
function listPulls(request: ForgeRequest, at: GithubPlace): ForgeReply {
  const { repository, query } = request
  if (!repository.mergeRequestsEnabled) return notFound
  const wanted = query.get('state') ?? 'open'
  const direction = query.get('direction') === 'asc' ? 1 : -1
  const pulls = repository.mergeRequests
    .filter((pull) => wanted === 'all' || (pull.state === 'open') === (wanted === 'open'))
    .toSorted((one, other) => (one.number - other.number) * direction)
  return paged(request, at.asked, pulls, (pull) => pullPayload(repository, pull, at))
}

type PullHandler = (request: ForgeRequest, at: GithubPlace, pull: SandboxMergeRequest) => ForgeReply

function withPull([request, at]: [ForgeRequest, GithubPlace], handle: PullHandler): ForgeReply {
  const { repository, parts } = request
  const pull = repository.mergeRequests.find(({ number }) => String(number) === parts['pull_number'])
  return pull === undefined || !repository.mergeRequestsEnabled ? notFound : handle(request, at, pull)
}

function show({ repository }: ForgeRequest, at: GithubPlace, pull: SandboxMergeRequest): ForgeReply {
  return { status: 200, body: fullPullPayload(repository, pull, at) }
}

function listFiles(request: ForgeRequest, at: GithubPlace, pull: SandboxMergeRequest): ForgeReply {
  const payloadOf = (file: SandboxMergeRequest['files'][number]) =>
    filePayload(request.repository, pull, file, at)
  return paged(request, at.asked, pull.files.slice(0, mostFiles), payloadOf)
}
