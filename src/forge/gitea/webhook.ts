import type { Secret } from '../../config/secret.ts'
import { readPackageEvent } from '../package-event.ts'
import { readStatusEvent } from '../commit-event.ts'
import { readIssueComment } from '../comment-event.ts'
import { type Actions, readPullRequestEvent } from '../pull-request-event.ts'
import {
  ignored,
  malformed,
  type WebhookReading,
  type SignedRequest,
  shown,
  type WebhookDialect,
  type WebhookHeaders,
} from '../webhook-dialect.ts'
import { headerValues, hexSignatureObjection } from '../webhook-signature.ts'

/**
 * The webhooks of Gitea and Forgejo: a hex HMAC-SHA256 in `X-Gitea-Signature`, `X-Forgejo-Signature` or both. Their
 * X-GitHub-*, X-Gogs-* and X-Hub-* headers are not looked at. https://docs.gitea.com/usage/webhooks
 */
export const giteaWebhook: WebhookDialect = { deliveryHeader: 'x-gitea-delivery', objection, read }

// One name per family: an event type such as pull_request_label arrives under the event pull_request.
const pullRequestEvents = new Set([
  'pull_request',
  'pull_request_sync',
  'pull_request_label',
  'pull_request_assign',
  'pull_request_milestone',
  'pull_request_review_request',
])

const actions: Actions = {
  opened: 'opened',
  reopened: 'reopened',
  synchronized: 'pushed',
  closed: 'closed',
  label_updated: 'labelled',
  label_cleared: 'labelled',
  edited: 'edited',
  assigned: 'irrelevant',
  unassigned: 'irrelevant',
  review_requested: 'irrelevant',
  review_request_removed: 'irrelevant',
  reviewed: 'irrelevant',
  milestoned: 'irrelevant',
  demilestoned: 'irrelevant',
}

function objection(signed: SignedRequest, secrets: readonly Secret[]): string | null {
  // Each header that is there must be right: a good one never rescues a bad one.
  const present = ['x-forgejo-signature', 'x-gitea-signature'].filter(
    (name) => signed.headers[name] !== undefined,
  )
  const names = present.length > 0 ? present : ['x-gitea-signature']
  const objections = names.map((name) => hexSignatureObjection(signed, name, '', secrets))
  return objections.find((found) => found !== null) ?? null
}

function read(headers: WebhookHeaders, body: unknown): WebhookReading {
  const names = [...headerValues(headers, 'x-forgejo-event'), ...headerValues(headers, 'x-gitea-event')]
  const [name] = names
  if (name === undefined || name === '' || new Set(names).size > 1)
    return malformed('x-gitea-event: this header must be there once.')
  if (pullRequestEvents.has(name)) return readPullRequestEvent(body, actions)
  if (name === 'status') return readStatusEvent(body)
  if (name === 'package') return readPackageEvent(name, body)
  if (name === 'issue_comment') return readIssueComment(body, 'is_pull')
  return ignored(`${shown(name)}: not an event that changes a preview`)
}
