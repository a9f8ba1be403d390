import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import {
  hasCommit,
  type SandboxCheck,
  type SandboxRepository,
  type SandboxStatus,
} from '../../../src/sandbox/forge/state.ts'
import { nodeId } from './address.ts'
import type { GithubPlace, GithubRoute } from './github-route.ts'
import { paged } from './paged.ts'
import { notFound } from './refusals.ts'
import { repositoryPayload } from './repository-payloads.ts'
import { statusPayload } from './status-payload.ts'
import { timeOf } from './times.ts'

/** Both lists come in an object that counts them: https://docs.github.com/en/rest/commits/statuses, https://docs.github.com/en/rest/checks/runs */
export const checkRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref/status',
    needs: ['statuses=read'],
    handle: withCommit((request, at, sha) => {
      const { repository } = request
      const newest = newestByContext(repository, sha)
      const page = paged(request, at.asked, newest, (status) => simpleStatus(repository, status, at))
      const url = `${at.api}/repos/${repository.fullName}/commits/${sha}`
      const body = {
        state: combined(newest),
        statuses: page.body,
        sha,
        total_count: newest.length,
        repository: repositoryPayload(repository, at),
        commit_url: url,
        url: `${url}/status`,
      }
      return { ...page, body }
    }),
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref/check-runs',
    needs: ['checks=read'],
    handle: withCommit((request, at, sha) => {
      const { repository } = request
      const runs = repository.checks.filter((check) => check.kind === 'check run' && check.sha === sha)
      const page = paged(request, at.asked, runs.toReversed(), (run) => checkRunPayload(repository, run, at))
      return { ...page, body: { total_count: runs.length, check_runs: page.body } }
    }),
  },
]

/** Statuses of an unknown commit are described as not found; so are check runs here, as no right at all may look the same. */
function withCommit(handle: (request: ForgeRequest, at: GithubPlace, sha: string) => ForgeReply) {
  return (request: ForgeRequest, at: GithubPlace): ForgeReply => {
    const sha = request.parts['ref'] ?? ''
    if (!hasCommit(request.repository, sha)) return notFound
    return handle(request, at, sha)
  }
}

function newestByContext({ statuses }: SandboxRepository, sha: string): readonly SandboxStatus[] {
  const ofCommit = statuses.filter((status) => status.sha === sha)
  return [...new Map(ofCommit.map((status) => [status.context, status])).values()]
}

function combined(newest: readonly SandboxStatus[]): string {
  if (newest.some(({ state }) => state === 'failure' || state === 'error')) return 'failure'
  return newest.length > 0 && newest.every(({ state }) => state === 'success') ? 'success' : 'pending'
}

/** `simple-commit-status`: nobody wrote it. */
function simpleStatus(repository: SandboxRepository, status: SandboxStatus, at: GithubPlace): object {
  const { creator: _creator, ...simple } = statusPayload(repository, status, at) as { creator?: unknown }
  return simple
}

const unfinished: readonly string[] = ['queued', 'in_progress', 'waiting', 'requested', 'pending']

/** `check-run`: the state is a status, or the conclusion of one that is completed. */
export function checkRunPayload(
  { fullName }: SandboxRepository,
  { id, sha, name, state, description, url }: SandboxCheck,
  at: Pick<GithubPlace, 'api' | 'html'>,
): object {
  const own = `${at.api}/repos/${fullName}/check-runs/${id}`
  const isDone = !unfinished.includes(state)
  return {
    id,
    head_sha: sha,
    node_id: nodeId('CheckRun', id),
    external_id: '',
    url: own,
    html_url: url === '' ? `${at.html}/${fullName}/runs/${id}` : url,
    details_url: null,
    status: isDone ? 'completed' : state,
    conclusion: isDone ? state : null,
    started_at: timeOf(id),
    completed_at: isDone ? timeOf(id) : null,
    output: {
      title: description === '' ? null : description,
      summary: null,
      text: null,
      annotations_count: 0,
      annotations_url: `${own}/annotations`,
    },
    name,
    check_suite: { id },
    app: null,
    pull_requests: [],
  }
}
