import { createHmac } from 'node:crypto'
import type { BeforeEdit, CheckEvent, CommentHappening, ForgeEvent } from '../forge-event.ts'
import type { Delivery, ForgeAddress, WebhookMessage, WebhookVoice } from '../dialect.ts'
import { commentPayload, pullPayload, repositoryPayload, userPayload } from './payloads.ts'

/** Webhooks as Gitea sends them: `event` is the family, `type` the finer kind. */
export const webhooks: WebhookVoice = { messages, headers }

function messages(event: ForgeEvent | CheckEvent, forge: ForgeAddress): readonly WebhookMessage[] {
  switch (event.kind) {
    case 'opened':
    case 'reopened':
    case 'closed':
      return [pull(event, forge, 'pull_request', { action: event.kind })]
    case 'merged':
      return [pull(event, forge, 'pull_request', { action: 'closed' })]
    case 'edited':
      return [pull(event, forge, 'pull_request', { action: 'edited', changes: changesOf(event.before) })]
    case 'pushed':
      return [pull(event, forge, 'pull_request_sync', { action: 'synchronized' })]
    case 'labelled':
      return [pull(event, forge, 'pull_request_label', { action: 'label_updated' })]
    case 'commented':
      return [comment(event, forge, 'created')]
    case 'comment edited':
      return [comment(event, forge, 'edited')]
    case 'comment deleted':
      return [comment(event, forge, 'deleted')]
    case 'checked':
      return event.check.kind === 'status' ? [status(event, forge)] : []
  }
}

function pull(event: ForgeEvent, { url }: ForgeAddress, type: string, what: object): WebhookMessage {
  const { repository, mergeRequest, actor } = event
  return message('pull_request', type, {
    ...what,
    number: mergeRequest.number,
    pull_request: pullPayload(repository, mergeRequest, url),
    requested_reviewer: null,
    repository: repositoryPayload(repository, url),
    sender: userPayload(actor),
    commit_id: '',
    review: null,
  })
}

/** What was before, as the event tells it. */
function changesOf({ title, targetBranch }: BeforeEdit): object {
  return {
    ...(title === null ? {} : { title: { from: title } }),
    ...(targetBranch === null ? {} : { ref: { from: targetBranch } }),
  }
}

function comment(
  event: ForgeEvent & CommentHappening,
  { url }: ForgeAddress,
  action: 'created' | 'edited' | 'deleted',
): WebhookMessage {
  const { repository, mergeRequest } = event
  return message('issue_comment', 'pull_request_comment', {
    action,
    issue: {
      number: mergeRequest.number,
      title: mergeRequest.title,
      state: mergeRequest.state === 'open' ? 'open' : 'closed',
      pull_request: { merged: mergeRequest.state === 'merged' },
    },
    pull_request: pullPayload(repository, mergeRequest, url),
    comment: commentPayload(event.comment),
    repository: repositoryPayload(repository, url),
    sender: userPayload(event.actor),
    is_pull: true,
  })
}

/** `CommitStatusPayload`, without the commit itself. */
function status({ repository, check, actor }: CheckEvent, { url }: ForgeAddress): WebhookMessage {
  return message('status', 'status', {
    commit: null,
    context: check.name,
    description: check.description,
    id: check.id,
    repository: repositoryPayload(repository, url),
    sender: userPayload(actor),
    sha: check.sha,
    state: check.state,
    target_url: check.url,
  })
}

function message(event: string, type: string, payload: object): WebhookMessage {
  return { event, type, body: JSON.stringify(payload, null, 2) }
}

/** Gitea sends its own names, those of Gogs and those of GitHub: a receiver must not be led astray by the latter. */
function headers({ event, type, body }: WebhookMessage, { secret, id }: Delivery): Record<string, string> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return {
    'content-type': 'application/json',
    'x-gitea-delivery': id,
    'x-gitea-event': event,
    'x-gitea-event-type': type,
    'x-gitea-signature': signature,
    'x-gogs-delivery': id,
    'x-gogs-event': event,
    'x-gogs-signature': signature,
    'x-hub-signature-256': `sha256=${signature}`,
    'x-github-delivery': id,
    'x-github-event': event,
  }
}
