import { z } from 'zod'
import { commitId, repositoryId } from './event-fields.ts'
import { isOwnContext } from './own-context.ts'
import {
  type CommitEvent,
  type EventRepository,
  ignored,
  malformed,
  shown,
  type WebhookReading,
} from './webhook-dialect.ts'

// GitHub's words, which Gitea and Forgejo took over. A field that is missing, null or of an odd type reads as null.
const repository = z
  .object({ id: repositoryId, full_name: z.string().min(1).nullable().catch(null) })
  .nullable()
  .catch(null)

const StatusEvent = z.object({
  sha: commitId,
  context: z.string().catch(''),
  repository,
})

/** Reads a `status` event: somebody set a status on a commit. Whatever it says, the newest word of each name may be another now. */
export function readStatusEvent(body: unknown): WebhookReading {
  const payload = StatusEvent.parse(body)
  if (isOwnContext(payload.context)) return ignored('status: its own status')
  return commitEventOf(
    { name: 'status', place: 'sha' },
    'status',
    payload.sha,
    repositoryOf(payload.repository),
  )
}

const headed = z.object({ head_sha: commitId }).nullable().catch(null)

const RunEvent = z.object({
  action: z.string().nullable().catch(null),
  check_run: headed,
  check_suite: headed,
  workflow_run: headed,
  repository,
})

/** The object of a `check_run` event and of those like it. */
export type RunKind = 'check_run' | 'check_suite' | 'workflow_run'

const runEvents: Readonly<Record<RunKind, CommitEvent['event']>> = {
  check_run: 'check',
  check_suite: 'check',
  workflow_run: 'pipeline',
}

/** Reads an event about a run of CI: only one that is over can open a gate. */
export function readRunEvent(name: RunKind, body: unknown): WebhookReading {
  const payload = RunEvent.parse(body)
  const { action } = payload
  if (action !== 'completed')
    return ignored(`${name} ${shown(action ?? '')}: only one that is completed changes a preview`)
  const sha = payload[name]?.head_sha ?? null
  const place = `${name}.head_sha`
  return commitEventOf({ name, place }, runEvents[name], sha, repositoryOf(payload.repository))
}

function repositoryOf(named: z.infer<typeof repository>): RepositoryNamed {
  return { id: named?.id ?? null, fullName: named?.full_name ?? null, place: 'repository.full_name' }
}

/** As far as the event names it, and where it should. */
export interface RepositoryNamed {
  readonly id: string | null
  readonly fullName: string | null
  readonly place: string
}

export function commitEventOf(
  { name, place }: { readonly name: string; readonly place: string },
  event: CommitEvent['event'],
  sha: string | null,
  named: RepositoryNamed,
): WebhookReading {
  if (sha === null) return malformed(`${place}: a ${name} event needs a full commit id here.`)
  if (named.fullName === null) return malformed(`${named.place}: a ${name} event needs owner/name here.`)
  const from: EventRepository = { id: named.id, fullName: named.fullName }
  return { kind: 'commit-event', event, repository: from, sha }
}
