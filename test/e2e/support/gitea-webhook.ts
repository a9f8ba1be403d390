import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'

/** The events to tick in Gitea's settings: all that can change a decision, comments, and what CI says. */
const webhookEvents = [
  'pull_request',
  'pull_request_label',
  'pull_request_sync',
  'pull_request_comment',
  'issue_comment',
  'status',
] as const

export interface NewWebhook {
  readonly url: string
  readonly secret: string
}

/** A signed JSON webhook of a repository. */
export async function addWebhook(
  account: GiteaAccount,
  repository: string,
  wanted: NewWebhook,
): Promise<void> {
  await callGitea(account, 'POST', `/repos/${repository}/hooks`, {
    type: 'gitea',
    active: true,
    events: webhookEvents,
    config: { url: wanted.url, secret: wanted.secret, content_type: 'json' },
  })
}
