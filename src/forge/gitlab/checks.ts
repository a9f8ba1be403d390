import { z } from 'zod'
import type { CommitSha } from '../../preview/brand.ts'
import type { CheckState } from '../commit-checks.ts'
import type { CheckList, ChecksDialect, PostedCheck } from '../rest/checks-dialect.ts'
import { commitStatusesPath, projectPath, readsProject } from './calls.ts'
import { pipelineName, settlePipelines } from './settle-pipelines.ts'

/**
 * Jobs and statuses by name, and the newest pipeline under a name of its own.
 * https://docs.gitlab.com/api/commits/#list-commit-statuses and https://docs.gitlab.com/api/pipelines/#list-project-pipelines
 */
export const gitlabChecks: ChecksDialect = {
  lists: (repository, sha, names) => [
    { call: jobs(repository, sha), needed: true },
    ...(names.includes(pipelineName) ? [{ call: pipelines(repository, sha), needed: true }] : []),
  ],
  settle: settlePipelines,
}

const id = z.number().int().positive()

const GitlabJob = z.object({
  id,
  sha: z.string().min(1),
  name: z.string().nullish(),
  status: z.string().min(1),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
  allow_failure: z.boolean().nullish(),
  pipeline_id: id.nullish(),
})
type GitlabJob = z.infer<typeof GitlabJob>

const GitlabPipeline = z.object({
  id,
  sha: z.string().min(1),
  status: z.string().min(1),
  web_url: z.string().nullish(),
})
type GitlabPipeline = z.infer<typeof GitlabPipeline>

function jobs(repository: string, sha: CommitSha): CheckList['call'] {
  return {
    ...readsProject,
    operation: 'list-checks',
    purpose: `read the commit statuses of ${sha.slice(0, 7)} in ${repository}`,
    path: commitStatusesPath(repository, sha),
    // The oldest first: what is added meanwhile moves nothing from page to page.
    query: { order_by: 'id', sort: 'asc' },
    schema: z.array(GitlabJob.transform(jobOf)),
    expected: [404],
  }
}

function pipelines(repository: string, sha: CommitSha): CheckList['call'] {
  return {
    ...readsProject,
    operation: 'list-pipelines',
    purpose: `read the pipelines of ${sha.slice(0, 7)} in ${repository} (they may be switched off there)`,
    path: [...projectPath(repository), 'pipelines'],
    query: { sha, order_by: 'id', sort: 'asc' },
    schema: z.array(GitlabPipeline.transform(pipelineOf)),
  }
}

function jobOf(job: GitlabJob): PostedCheck {
  return {
    kind: 'status',
    id: job.id,
    name: job.name ?? '',
    state: states.get(job.status) ?? 'pending',
    description: job.description ?? null,
    url: job.target_url ?? null,
    pipeline: job.pipeline_id ?? null,
    // One that waits for a person and is not allowed to fail holds its pipeline up.
    optional: job.allow_failure === true && idle.includes(job.status),
    sha: job.sha,
  }
}

const idle: readonly string[] = ['manual', 'failed', 'canceled']

function pipelineOf({ id, sha, status, web_url: url }: GitlabPipeline): PostedCheck {
  return {
    kind: 'pipeline',
    id,
    name: pipelineName,
    state: states.get(status) ?? 'pending',
    description: null,
    url: url ?? null,
    pipeline: id,
    optional: false,
    sha,
  }
}

/** Everything else waits: created, pending, running, manual, ... */
const states: ReadonlyMap<string, CheckState> = new Map([
  ['success', 'passed'],
  ['skipped', 'passed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
])
