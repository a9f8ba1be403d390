import { z } from 'zod'
import type { Secret } from '../../config/secret.ts'
import { readComment } from '../comment-event.ts'
import { commitId, mergeRequestNumber, repositoryId } from '../event-fields.ts'
import {
  ignored,
  type MergeRequestEvent,
  malformed,
  type WebhookReading,
  type SignedRequest,
  shown,
  type WebhookDialect,
  type WebhookHeaders,
} from '../webhook-dialect.ts'
import { headerValues, tokenMatches } from '../webhook-signature.ts'
import { readJobEvent, readPipelineEvent } from './commit-webhook.ts'
import { standardWebhookObjection } from './standard-webhook.ts'

/**
 * GitLab's webhooks: signed as Standard Webhooks says, or with the secret in `X-Gitlab-Token`. The event is read from
 * the body, because system hooks have another header. https://docs.gitlab.com/user/project/integrations/webhook_events/
 */
export const gitlabWebhook: WebhookDialect = { deliveryHeader: 'x-gitlab-event-uuid', objection, read }

function objection(signed: SignedRequest, secrets: readonly Secret[], now: Date): string | null {
  // A signature that is there must be right: the plain token never rescues it.
  if (signed.headers['webhook-signature'] !== undefined) return standardWebhookObjection(signed, secrets, now)
  const [token, second] = headerValues(signed.headers, 'x-gitlab-token')
  if (token === undefined || token === '')
    return 'Neither webhook-signature nor x-gitlab-token is there: give the webhook on GitLab a signing token or a secret token.'
  if (second !== undefined) return 'The header x-gitlab-token came more than once.'
  return tokenMatches(token, secrets)
    ? null
    : 'The secret token does not fit: it must be one of webhookSecret.'
}

// A field that is missing, null or of an odd type reads as null.
const GitLabEvent = z.object({
  object_kind: z.string().min(1).nullable().catch(null),
  event_name: z.string().min(1).nullable().catch(null),
  project: z
    .object({ id: repositoryId, path_with_namespace: z.string().min(1).nullable().catch(null) })
    .nullable()
    .catch(null),
  object_attributes: z
    .object({
      iid: mergeRequestNumber,
      action: z.string().nullable().catch(null),
      oldrev: z.string().nullable().catch(null),
      last_commit: z.object({ id: commitId }).nullable().catch(null),
      noteable_type: z.string().nullable().catch(null),
      note: z.string().catch(''),
      system: z.boolean().catch(false),
    })
    .nullable()
    .catch(null),
  merge_request: z.object({ iid: mergeRequestNumber }).nullable().catch(null),
  changes: z
    .object({ labels: z.object({}).nullable().catch(null) })
    .nullable()
    .catch(null),
})
type GitLabEvent = z.infer<typeof GitLabEvent>

function read(_headers: WebhookHeaders, body: unknown): WebhookReading {
  const payload = GitLabEvent.parse(body)
  const name = payload.object_kind ?? payload.event_name
  if (name === null) return malformed('object_kind: the kind of event is missing.')
  if (name === 'merge_request') return readMergeRequestEvent(payload)
  if (name === 'pipeline') return readPipelineEvent(body)
  if (name === 'build') return readJobEvent(body)
  if (name === 'note') return readNote(payload)
  return ignored(`${shown(name)}: not an event that changes a preview`)
}

function readMergeRequestEvent(payload: GitLabEvent): WebhookReading {
  const event = meaningOf(payload)
  if (event === 'irrelevant')
    return ignored(`merge_request ${shown(payload.object_attributes?.action ?? '')}: changes no preview`)

  const number = payload.object_attributes?.iid ?? null
  if (number === null)
    return malformed('object_attributes.iid: a merge_request event needs a whole number above 0 here.')
  const fullName = payload.project?.path_with_namespace ?? null
  if (fullName === null)
    return malformed('project.path_with_namespace: a merge_request event needs group/name here.')
  const repository = { id: payload.project?.id ?? null, fullName }
  const sha = payload.object_attributes?.last_commit?.id ?? null
  return { kind: 'event', event, repository, number, sha }
}

const actions: Readonly<Record<string, MergeRequestEvent | 'irrelevant'>> = {
  open: 'opened',
  reopen: 'reopened',
  close: 'closed',
  merge: 'merged',
  update: 'edited',
  approval: 'irrelevant',
  approved: 'irrelevant',
  unapproval: 'irrelevant',
  unapproved: 'irrelevant',
}

function meaningOf({ object_attributes, changes }: GitLabEvent): MergeRequestEvent | 'irrelevant' {
  const action = object_attributes?.action ?? null
  if (action === null || !Object.hasOwn(actions, action)) return 'other'
  if (action !== 'update') return actions[action] ?? 'other'
  // Every `update` counts, whatever `changes` says: GitLab is known to leave it empty.
  if ((object_attributes?.oldrev ?? null) !== null) return 'pushed'
  return (changes?.labels ?? null) === null ? 'edited' : 'labelled'
}

/** Old versions tell of new comments alone, and name no action. */
function readNote({ object_attributes, merge_request, project }: GitLabEvent): WebhookReading {
  if (object_attributes?.noteable_type !== 'MergeRequest')
    return ignored('note: this comment changes no preview')
  if (object_attributes.system) return ignored('note: a note of GitLab itself')
  const action = object_attributes.action ?? 'create'
  if (action !== 'create') return ignored(`note ${shown(action)}: only new comments are looked at`)
  return readComment({
    event: 'note',
    numberField: 'merge_request.iid',
    repositoryField: 'project.path_with_namespace',
    body: object_attributes.note,
    number: merge_request?.iid ?? null,
    repository: { id: project?.id ?? null, fullName: project?.path_with_namespace ?? null },
  })
}
