import { readPackageEvent } from '../package-event.ts'
import { readRunEvent, readStatusEvent } from '../commit-event.ts'
import { readIssueComment } from '../comment-event.ts'
import { type Actions, readPullRequestEvent } from '../pull-request-event.ts'
import {
  ignored,
  malformed,
  type WebhookReading,
  shown,
  type WebhookDialect,
  type WebhookHeaders,
} from '../webhook-dialect.ts'
import { headerValues, hexSignatureObjection } from '../webhook-signature.ts'

/**
 * GitHub's webhooks: `X-Hub-Signature-256` over the raw bytes (SHA-1 is never looked at), the event in `X-GitHub-Event`.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export const githubWebhook: WebhookDialect = {
  deliveryHeader: 'x-github-delivery',
  objection: (signed, secrets) => hexSignatureObjection(signed, 'x-hub-signature-256', 'sha256=', secrets),
  read,
}

const actions: Actions = {
  opened: 'opened',
  reopened: 'reopened',
  synchronize: 'pushed',
  closed: 'closed',
  labeled: 'labelled',
  unlabeled: 'labelled',
  edited: 'edited',
  converted_to_draft: 'edited',
  ready_for_review: 'edited',
  assigned: 'irrelevant',
  unassigned: 'irrelevant',
  review_requested: 'irrelevant',
  review_request_removed: 'irrelevant',
  milestoned: 'irrelevant',
  demilestoned: 'irrelevant',
  locked: 'irrelevant',
  unlocked: 'irrelevant',
  auto_merge_enabled: 'irrelevant',
  auto_merge_disabled: 'irrelevant',
  enqueued: 'irrelevant',
  dequeued: 'irrelevant',
}

function read(headers: WebhookHeaders, body: unknown): WebhookReading {
  const [name, second] = headerValues(headers, 'x-github-event')
  if (name === undefined || name === '' || second !== undefined)
    return malformed('x-github-event: this header must be there once.')
  if (name === 'pull_request') return readPullRequestEvent(body, actions)
  switch (name) {
    case 'status':
      return readStatusEvent(body)
    case 'check_run':
    case 'check_suite':
    case 'workflow_run':
      return readRunEvent(name, body)
    case 'package':
    case 'registry_package':
      return readPackageEvent(name, body)
  }
  if (name === 'ping') return ignored('ping: the webhook is set up')
  if (name === 'issue_comment') return readIssueComment(body, 'issue.pull_request')
  return ignored(`${shown(name)}: not an event that changes a preview`)
}
