import type { CheckState } from '../commit-checks.ts'
import { isOwnContext } from '../own-context.ts'
import type { PostedCheck } from '../rest/checks-dialect.ts'

/** The name by which a whole pipeline is asked for, and so that of no job. */
export const pipelineName = 'pipeline'

/**
 * GitLab puts a status that we set into the pipeline of that commit, or makes one for it: taken as it is, a pipeline would wait for
 * what waits for it, and would fail because of it. So one that holds ours is judged by its other jobs.
 * Before GitLab 16.3 a job does not say to which pipeline it belongs; there a pipeline is taken as it is.
 */
export function settlePipelines(posted: readonly PostedCheck[]): readonly PostedCheck[] {
  const jobs = posted.filter(({ kind }) => kind === 'status')
  const pipelines = posted.filter(({ kind }) => kind === 'pipeline')
  return [
    ...jobs.filter(({ name }) => name !== pipelineName),
    ...pipelines.flatMap((pipeline) => withoutOurs(pipeline, jobs)),
  ]
}

/** None: there is nothing in it but ours. */
function withoutOurs(pipeline: PostedCheck, all: readonly PostedCheck[]): readonly PostedCheck[] {
  const inside = all.filter((job) => job.pipeline === pipeline.id)
  const others = inside.filter(({ name }) => !isOwnContext(name))
  if (others.length === inside.length) return [pipeline]
  return others.length === 0 ? [] : [{ ...pipeline, state: stateOfAll(others) }]
}

function stateOfAll(jobs: readonly PostedCheck[]): CheckState {
  const states = jobs.filter(({ optional }) => !optional).map(({ state }) => state)
  if (states.includes('failed')) return 'failed'
  return states.includes('pending') ? 'pending' : 'passed'
}
