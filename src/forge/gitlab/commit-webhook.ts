import { z } from 'zod'
import { commitEventOf, type RepositoryNamed } from '../commit-event.ts'
import { commitId, repositoryId } from '../event-fields.ts'
import { ignored, shown, type WebhookReading } from '../webhook-dialect.ts'

// A field that is missing, null or of an odd type reads as null.
const PipelineEvent = z.object({
  project: z
    .object({ id: repositoryId, path_with_namespace: z.string().min(1).nullable().catch(null) })
    .nullable()
    .catch(null),
  /** Of a job, beside or instead of the project. */
  project_id: repositoryId,
  sha: commitId,
  build_status: z.string().nullable().catch(null),
  object_attributes: z
    .object({ sha: commitId, status: z.string().nullable().catch(null) })
    .nullable()
    .catch(null),
})
type PipelineEvent = z.infer<typeof PipelineEvent>

/** Reads a pipeline event: https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events */
export function readPipelineEvent(body: unknown): WebhookReading {
  const payload = PipelineEvent.parse(body)
  const { sha = null, status = null } = payload.object_attributes ?? {}
  if (isUnderWay(status)) return underWay('pipeline', status)
  return commitEventOf(
    { name: 'pipeline', place: 'object_attributes.sha' },
    'pipeline',
    sha,
    projectOf(payload),
  )
}

/** Reads a job event: https://docs.gitlab.com/user/project/integrations/webhook_events/#job-events */
export function readJobEvent(body: unknown): WebhookReading {
  const payload = PipelineEvent.parse(body)
  const { sha, build_status: status } = payload
  if (isUnderWay(status)) return underWay('build', status)
  return commitEventOf({ name: 'build', place: 'sha' }, 'check', sha, projectOf(payload))
}

/** States that are no end; what nobody knows yet counts as one. */
const unfinished: readonly string[] = [
  'created',
  'waiting_for_resource',
  'preparing',
  'waiting_for_callback',
  'pending',
  'running',
  'canceling',
  'scheduled',
]

function isUnderWay(status: string | null): boolean {
  return status !== null && unfinished.includes(status)
}

function underWay(name: string, status: string | null): WebhookReading {
  return ignored(`${name} ${shown(status ?? '')}: only one that is over changes a preview`)
}

/** Older versions give the number of a job's project alone. */
function projectOf({ project, project_id: number }: PipelineEvent): RepositoryNamed {
  const id = project?.id ?? number
  return { id, fullName: project?.path_with_namespace ?? id, place: 'project.path_with_namespace' }
}
