import { createHmac, createHash } from 'node:crypto'
import type {
  BeforeEdit,
  CheckEvent,
  CommentHappening,
  ForgeEvent,
} from '../../../src/sandbox/forge/forge-event.ts'
import type {
  Delivery,
  ForgeAddress,
  WebhookMessage,
  WebhookVoice,
} from '../../../src/sandbox/forge/dialect.ts'
import { headOf } from '../../../src/sandbox/forge/state.ts'
import { idOf, isDraft, sourceProjectOf, stateOf } from './merge-request-payloads.ts'
import { projectInEvent } from './project-payloads.ts'
import { timeOf } from './times.ts'
import { userInEvent } from './user-payloads.ts'

/** How a webhook proves itself: by the secret as it is, or by a signature over the body. */
export type Proof = 'secret token' | 'signing token'

/** Webhooks as GitLab sends them: https://docs.gitlab.com/user/project/integrations/webhook_events/ */
export function gitlabWebhooks(proof: Proof): WebhookVoice {
  return { messages, headers: (message, delivery) => headers(proof, message, delivery) }
}

/** It does not tell of a comment that is deleted. */
function messages(event: ForgeEvent | CheckEvent, { url }: ForgeAddress): readonly WebhookMessage[] {
  switch (event.kind) {
    case 'opened':
      return [mergeRequestHook(event, url, { action: 'open' }, {})]
    case 'reopened':
      return [mergeRequestHook(event, url, { action: 'reopen' }, stateChange('closed', 'opened'))]
    case 'closed':
      return [mergeRequestHook(event, url, { action: 'close' }, stateChange('opened', 'closed'))]
    case 'merged':
      return [mergeRequestHook(event, url, { action: 'merge' }, stateChange('locked', 'merged'))]
    case 'pushed':
      return [mergeRequestHook(event, url, { action: 'update', oldrev: event.before }, {})]
    case 'edited':
      return [mergeRequestHook(event, url, { action: 'update' }, editChanges(event, event.before))]
    case 'labelled':
      return [mergeRequestHook(event, url, { action: 'update' }, labelChanges(event, event))]
    case 'commented':
      return [noteHook(event, url, 'create')]
    case 'comment edited':
      return [noteHook(event, url, 'update')]
    case 'comment deleted':
      return []
    case 'checked':
      return [event.check.kind === 'pipeline' ? pipelineHook(event, url) : jobHook(event, url)]
  }
}

const stateIds: Readonly<Record<string, number>> = { opened: 1, closed: 2, merged: 3, locked: 4 }

function stateChange(previous: string, current: string): object {
  return { state_id: { previous: stateIds[previous], current: stateIds[current] } }
}

function editChanges({ mergeRequest }: ForgeEvent, { title, targetBranch }: BeforeEdit): object {
  const was = title === null ? null : isDraft({ ...mergeRequest, title })
  const is = isDraft(mergeRequest)
  return {
    ...(title === null ? {} : { title: { previous: title, current: mergeRequest.title } }),
    ...(was === null || was === is ? {} : { draft: { previous: was, current: is } }),
    ...(targetBranch === null
      ? {}
      : { target_branch: { previous: targetBranch, current: mergeRequest.targetBranch } }),
  }
}

function labelChanges(
  { repository, mergeRequest }: ForgeEvent,
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
): object {
  const before = [...mergeRequest.labels.filter((label) => !added.includes(label)), ...removed]
  const told = (labels: readonly string[]) => labels.map((title) => labelPayload(title, repository.id))
  return { labels: { previous: told(before), current: told(mergeRequest.labels) } }
}

function labelPayload(title: string, projectId: number): object {
  const id = createHash('sha256').update(title).digest().readUInt16BE(0)
  return {
    id,
    title,
    color: '#70c24a',
    project_id: projectId,
    created_at: timeOf(id),
    updated_at: timeOf(id),
    template: false,
    description: null,
    type: 'ProjectLabel',
    group_id: null,
  }
}

function mergeRequestHook(event: ForgeEvent, url: string, what: object, changes: object): WebhookMessage {
  const { repository, mergeRequest, actor } = event
  const labels = mergeRequest.labels.map((title) => labelPayload(title, repository.id))
  const { id } = repository
  return message('Merge Request Hook', 'merge_request', {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: userInEvent(actor),
    project: projectInEvent(repository, url),
    object_attributes: { ...attributes(event, url), labels, ...what },
    labels,
    changes: {
      updated_at: { previous: timeOf(id), current: timeOf(id + 1) },
      ...changes,
    },
    repository: { name: repository.fullName, url: '', description: null, homepage: url },
  })
}

function noteHook(event: ForgeEvent & CommentHappening, url: string, action: string): WebhookMessage {
  const { repository, mergeRequest, comment, actor } = event
  return message('Note Hook', 'note', {
    object_kind: 'note',
    event_type: 'note',
    user: userInEvent(actor),
    project_id: repository.id,
    project: projectInEvent(repository, url),
    object_attributes: {
      id: comment.id,
      author_id: comment.author.id,
      note: comment.body,
      description: comment.body,
      noteable_id: idOf(repository, mergeRequest),
      noteable_type: 'MergeRequest',
      project_id: repository.id,
      system: false,
      internal: false,
      type: null,
      created_at: timeOf(comment.id),
      updated_at: timeOf(comment.id),
      action,
      url: `${url}/${repository.fullName}/-/merge_requests/${mergeRequest.number}#note_${comment.id}`,
    },
    repository: { name: repository.fullName, url: '', description: null, homepage: url },
    merge_request: attributes(event, url),
  })
}

function pipelineHook({ repository, check, actor }: CheckEvent, url: string): WebhookMessage {
  return message('Pipeline Hook', 'pipeline', {
    object_kind: 'pipeline',
    object_attributes: {
      id: check.id,
      ref: 'main',
      tag: false,
      sha: check.sha,
      status: check.state,
      source: 'push',
    },
    merge_request: null,
    user: userInEvent(actor),
    project: projectInEvent(repository, url),
    commit: { id: check.sha },
    builds: [],
  })
}

function jobHook({ repository, check, actor }: CheckEvent, url: string): WebhookMessage {
  return message('Job Hook', 'build', {
    object_kind: 'build',
    ref: 'main',
    tag: false,
    sha: check.sha,
    build_id: check.id,
    build_name: check.name,
    build_stage: 'test',
    build_status: check.state,
    project_id: repository.id,
    project_name: repository.fullName.replaceAll('/', ' / '),
    user: userInEvent(actor),
    project: projectInEvent(repository, url),
  })
}

function attributes({ repository, mergeRequest }: ForgeEvent, url: string): object {
  const { number, author, title, body, branch, targetBranch } = mergeRequest
  const source = sourceProjectOf(repository, mergeRequest)
  const sha = headOf(mergeRequest)
  return {
    id: idOf(repository, mergeRequest),
    iid: number,
    target_branch: targetBranch,
    source_branch: branch,
    source_project_id: source,
    target_project_id: repository.id,
    author_id: author.id,
    assignee_ids: [],
    assignee_id: null,
    reviewer_ids: [],
    title,
    description: body,
    created_at: timeOf(number),
    updated_at: timeOf(number),
    state: stateOf(mergeRequest),
    state_id: stateIds[stateOf(mergeRequest)],
    work_in_progress: isDraft(mergeRequest),
    draft: isDraft(mergeRequest),
    merge_status: 'can_be_merged',
    detailed_merge_status: 'mergeable',
    url: `${url}/${repository.fullName}/-/merge_requests/${number}`,
    source: source === null ? null : projectInEvent({ ...repository, id: source }, url),
    target: projectInEvent(repository, url),
    last_commit: {
      id: sha,
      message: 'A change\n',
      title: 'A change',
      timestamp: timeOf(number),
      url: `${url}/${repository.fullName}/-/commit/${sha}`,
      author: { name: author.fullName, email: '[REDACTED]' },
    },
  }
}

function message(event: string, type: string, payload: object): WebhookMessage {
  return { event, type, body: JSON.stringify(payload) }
}

function headers(proof: Proof, { event, body }: WebhookMessage, delivery: Delivery): Record<string, string> {
  const { id, secret } = delivery
  return {
    'content-type': 'application/json',
    'user-agent': 'GitLab/18.4.0',
    'idempotency-key': id,
    'x-gitlab-event': event,
    'x-gitlab-webhook-uuid': '3c5c0404-c866-44bc-a5f6-452bb1bfc76e',
    'x-gitlab-instance': 'https://git.acme.example',
    'x-gitlab-event-uuid': id,
    ...(proof === 'secret token' ? { 'x-gitlab-token': secret } : signature(body, delivery)),
  }
}

/** https://www.standardwebhooks.com */
function signature(body: string, { id, secret, now }: Delivery): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const [, base64] = /^whsec_(.+)$/.exec(secret) ?? []
  const key = base64 === undefined ? Buffer.from(secret) : Buffer.from(base64, 'base64')
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` }
}
