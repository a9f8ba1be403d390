import { commentPayload, pullPayload, repositoryPayload, userPayload } from './payloads.ts'
import type { SandboxComment, SandboxMergeRequest, SandboxRepository, SandboxUser } from './state.ts'

/** A webhook as Gitea names it: `event` is the family, `type` the finer kind; the payload is a snapshot. */
export interface ForgeEvent {
  readonly event: 'pull_request' | 'issue_comment'
  readonly type: string
  readonly payload: object
}

export type PullAction = 'opened' | 'closed' | 'reopened' | 'synchronized' | 'edited' | 'label_updated'

const types: Readonly<Record<PullAction, string>> = {
  opened: 'pull_request',
  closed: 'pull_request',
  reopened: 'pull_request',
  edited: 'pull_request',
  synchronized: 'pull_request_sync',
  label_updated: 'pull_request_label',
}

export function pullEvent(
  action: PullAction,
  repository: SandboxRepository,
  pull: SandboxMergeRequest,
  sender: SandboxUser,
  url: string,
  changes: object = {},
): ForgeEvent {
  const payload = {
    action,
    number: pull.number,
    ...(action === 'edited' ? { changes } : {}),
    pull_request: pullPayload(repository, pull, url),
    requested_reviewer: null,
    repository: repositoryPayload(repository, url),
    sender: userPayload(sender),
    commit_id: '',
    review: null,
  }
  return { event: 'pull_request', type: types[action], payload }
}

export function commentEvent(
  action: 'created' | 'edited' | 'deleted',
  repository: SandboxRepository,
  pull: SandboxMergeRequest,
  comment: SandboxComment,
  sender: SandboxUser,
  url: string,
): ForgeEvent {
  const payload = {
    action,
    issue: {
      number: pull.number,
      title: pull.title,
      state: pull.state === 'open' ? 'open' : 'closed',
      pull_request: { merged: pull.state === 'merged' },
    },
    pull_request: pullPayload(repository, pull, url),
    comment: commentPayload(comment),
    repository: repositoryPayload(repository, url),
    sender: userPayload(sender),
    is_pull: true,
  }
  return { event: 'issue_comment', type: 'pull_request_comment', payload }
}
