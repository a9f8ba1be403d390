import type { SandboxCheck, SandboxRepository } from '../../../src/sandbox/forge/state.ts'
import type { GitlabRoute } from './gitlab-route.ts'
import { paged } from './paged.ts'
import { pagination } from './parameters.ts'
import { timeOf } from './times.ts'

/** https://docs.gitlab.com/api/pipelines/#list-project-pipelines */
export const pipelineRoutes: readonly GitlabRoute[] = [
  {
    method: 'GET',
    path: '/projects/:id/pipelines',
    parameters: {
      query: {
        ...pagination,
        sha: 'text',
        ref: 'text',
        scope: ['running', 'pending', 'finished', 'branches', 'tags'],
        source: 'text',
        status: 'text',
        order_by: ['id', 'status', 'ref', 'updated_at', 'user_id'],
        sort: ['asc', 'desc'],
      },
      body: {},
      required: [],
    },
    handle: (request, context) => {
      const { repository, query, url } = request
      const sha = query.get('sha')
      const wanted = pipelinesOf(repository).filter((pipeline) => sha === null || pipeline.sha === sha)
      const ordered = query.get('sort') === 'asc' ? wanted : wanted.toReversed()
      return paged(request, context, ordered, (pipeline) => pipelinePayload(repository, pipeline, url))
    },
  },
]

/** A status that comes to a commit without a pipeline makes one: an external one. */
function pipelinesOf(repository: SandboxRepository): readonly SandboxCheck[] {
  const pipelines = repository.checks.filter(({ kind }) => kind === 'pipeline')
  const lone = repository.statuses.filter(({ sha }) => pipelines.every((pipeline) => pipeline.sha !== sha))
  const external = new Map(
    lone.map(({ sha, state }) => [
      sha,
      { id: 0, sha, name: '', state, description: '', url: '', kind: 'pipeline' as const },
    ]),
  )
  return [...external.values(), ...pipelines]
}

/** The newest one of a commit: what is told of the commit goes into it. */
export function pipelineIdOf(repository: SandboxRepository, sha: string): number {
  const own = repository.checks.findLast((check) => check.kind === 'pipeline' && check.sha === sha)
  return firstPipeline + (own?.id ?? 0)
}

const firstPipeline = 1000

function pipelinePayload(
  repository: SandboxRepository,
  { id, sha, state }: SandboxCheck,
  url: string,
): object {
  return {
    id: firstPipeline + id,
    iid: id + 1,
    project_id: repository.id,
    sha,
    ref: 'main',
    status: state,
    source: id === 0 ? 'external' : 'push',
    created_at: timeOf(id),
    updated_at: timeOf(id),
    web_url: `${url}/${repository.fullName}/-/pipelines/${firstPipeline + id}`,
    name: null,
  }
}
