import { createHmac } from 'node:crypto'
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
import type { Address } from './address.ts'
import { checkRunPayload } from './check-routes.ts'
import { commentPayload } from './comment-payload.ts'
import { fullPullPayload, labelPayload } from './pull-payloads.ts'
import { repositoryPayload } from './repository-payloads.ts'
import { userPayload } from './user-payloads.ts'

/** Webhooks as GitHub sends them. https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export function githubWebhooks(base: string): WebhookVoice {
  return {
    messages: (event, { url }: ForgeAddress) => {
      const at = { html: url, api: `${url}${base}` }
      return event.kind === 'checked' ? checkMessages(event, at) : messages(event, at)
    },
    headers,
  }
}

function messages(event: ForgeEvent, at: Address): readonly WebhookMessage[] {
  const pull = (action: string, more: object = {}) => pullMessage(event, at, { action, ...more })
  const label = (name: string) => ({ label: labelPayload(event.repository, name, at) })
  switch (event.kind) {
    case 'opened':
    case 'reopened':
    case 'closed':
      return [pull(event.kind)]
    case 'merged':
      return [pull('closed')]
    case 'pushed':
      return [pull('synchronize', { before: event.before, after: headOf(event.mergeRequest) })]
    case 'edited':
      return edits(event.before).map(({ action, ...more }) => pull(action, more))
    case 'labelled':
      return [
        ...event.added.map((name) => pull('labeled', label(name))),
        ...event.removed.map((name) => pull('unlabeled', label(name))),
      ]
    case 'commented':
      return [commentMessage(event, at, { action: 'created' })]
    case 'comment edited':
      return [commentMessage(event, at, { action: 'edited', changes: { body: { from: event.before } } })]
    case 'comment deleted':
      return [commentMessage(event, at, { action: 'deleted' })]
  }
}

/** A change of text and a change of readiness are told apart. */
function edits({
  title,
  targetBranch,
  draft,
}: BeforeEdit): { readonly action: string; readonly changes?: object }[] {
  const changes = {
    ...(title === null ? {} : { title: { from: title } }),
    ...(targetBranch === null ? {} : { base: { ref: { from: targetBranch } } }),
  }
  return [
    ...(title === null && targetBranch === null ? [] : [{ action: 'edited', changes }]),
    ...(draft === null ? [] : [{ action: draft ? 'ready_for_review' : 'converted_to_draft' }]),
  ]
}

function pullMessage(event: ForgeEvent, at: Address, what: object): WebhookMessage {
  const { repository, mergeRequest, actor } = event
  return message('pull_request', {
    ...what,
    number: mergeRequest.number,
    pull_request: fullPullPayload(repository, mergeRequest, at),
    repository: repositoryPayload(repository, at),
    sender: userPayload(actor, at),
  })
}

function commentMessage(event: ForgeEvent & CommentHappening, at: Address, what: object): WebhookMessage {
  const { repository, mergeRequest, comment, actor } = event
  const { fullName } = repository
  const { number, title, state } = mergeRequest
  const page = `${at.html}/${fullName}/pull/${number}`
  return message('issue_comment', {
    ...what,
    issue: {
      url: `${at.api}/repos/${fullName}/issues/${number}`,
      html_url: page,
      number,
      title,
      state: state === 'open' ? 'open' : 'closed',
      user: userPayload(mergeRequest.author, at),
      pull_request: { url: `${at.api}/repos/${fullName}/pulls/${number}`, html_url: page },
    },
    comment: commentPayload(repository, mergeRequest, comment, at),
    repository: repositoryPayload(repository, at),
    sender: userPayload(actor, at),
  })
}

function checkMessages({ repository, check, actor }: CheckEvent, at: Address): readonly WebhookMessage[] {
  const where = { repository: repositoryPayload(repository, at), sender: userPayload(actor, at) }
  switch (check.kind) {
    case 'status':
      return [
        message('status', {
          id: check.id,
          sha: check.sha,
          name: repository.fullName,
          target_url: check.url === '' ? null : check.url,
          context: check.name,
          description: check.description === '' ? null : check.description,
          state: check.state,
          branches: [],
          ...where,
        }),
      ]
    case 'check run': {
      const run = checkRunPayload(repository, check, at)
      const action = 'status' in run && run.status === 'completed' ? 'completed' : 'created'
      return [message('check_run', { action, check_run: run, ...where })]
    }
    case 'pipeline':
      return []
  }
}

function message(event: string, payload: object): WebhookMessage {
  return { event, type: event, body: JSON.stringify(payload) }
}

function headers({ event, body }: WebhookMessage, { secret, id }: Delivery): Record<string, string> {
  const signed = (algorithm: string) =>
    `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': id,
    'x-github-event': event,
    'x-github-hook-id': '292430182',
    'x-github-hook-installation-target-id': '79929171',
    'x-github-hook-installation-target-type': 'repository',
    'x-hub-signature': signed('sha1'),
    'x-hub-signature-256': signed('sha256'),
  }
}
