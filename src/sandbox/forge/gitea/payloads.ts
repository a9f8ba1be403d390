import {
  headOf,
  type SandboxComment,
  type SandboxFile,
  type SandboxMergeRequest,
  type SandboxReaction,
  type SandboxRepository,
  type SandboxStatus,
  type SandboxUser,
} from '../state.ts'
import { giteaTime } from './times.ts'

/** Titles that Gitea takes for drafts; it writes the first itself. */
export const draftPrefix = 'WIP: '
const draftTitle = /^(?:wip:|\[wip\])/i

/** Shapes of Gitea's REST API and webhooks (modules/structs of Gitea 1.26), as far as anyone here reads them. */
export function userPayload(user: SandboxUser): object {
  return {
    id: user.id,
    login: user.login,
    username: user.login,
    full_name: user.fullName,
    email: `${user.id}+${user.login.toLowerCase()}@noreply.localhost`,
  }
}

export function repositoryPayload(repository: SandboxRepository, url: string): object {
  const [owner = '', name = ''] = repository.fullName.split('/')
  return {
    id: repository.id,
    owner: { id: 1, login: owner, username: owner },
    name,
    full_name: repository.fullName,
    private: !repository.isPublic,
    html_url: `${url}/${repository.fullName}`,
    clone_url: `${url}/${repository.fullName}.git`,
    default_branch: 'main',
    has_pull_requests: repository.mergeRequestsEnabled,
  }
}

export function pullPayload(repository: SandboxRepository, pull: SandboxMergeRequest, url: string): object {
  const page = `${url}/${repository.fullName}/pulls/${pull.number}`
  return {
    id: repository.id * 1_000_000 + pull.number,
    url: page,
    html_url: page,
    number: pull.number,
    user: userPayload(pull.author),
    title: pull.title,
    body: pull.body,
    labels: pull.labels.map((name, index) => ({ id: index + 1, name, color: '70c24a' })),
    state: pull.state === 'open' ? 'open' : 'closed',
    draft: draftTitle.test(pull.title),
    is_locked: pull.locked,
    created_at: new Date(Date.UTC(2026, 10, 1) + pull.number * 1000).toISOString(),
    comments: pull.comments.length,
    merged: pull.state === 'merged',
    changed_files: pull.files.length,
    base: {
      label: pull.targetBranch,
      ref: pull.targetBranch,
      repo_id: repository.id,
      repo: repositoryPayload(repository, url),
    },
    head: headPayload(repository, pull, url),
  }
}

/** A deleted branch leaves `refs/pull/7/head`, a deleted fork leaves no repository, AGit never had a branch. */
function headPayload(repository: SandboxRepository, pull: SandboxMergeRequest, url: string): object {
  const hasBranch = pull.source !== 'agit' && pull.source !== 'deleted fork' && !pull.branchDeleted
  const head = {
    label: pull.source === 'agit' ? '' : pull.branch,
    ref: hasBranch ? pull.branch : `refs/pull/${pull.number}/head`,
    sha: headOf(pull),
  }
  if (pull.source === 'deleted fork') return { ...head, repo_id: -1, repo: null }
  if (pull.source !== 'fork')
    return { ...head, repo_id: repository.id, repo: repositoryPayload(repository, url) }
  const fork = { ...repository, id: repository.id + 500_000, fullName: `${pull.author.login}/fork` }
  return { ...head, repo_id: fork.id, repo: repositoryPayload(fork, url) }
}

/** Gitea names the former path of a renamed file only. */
export function filePayload({ path, previousPath }: SandboxFile): object {
  if (previousPath === null) return { filename: path, status: 'changed' }
  return { filename: path, status: 'renamed', previous_filename: previousPath }
}

export function commentPayload(comment: SandboxComment): object {
  return {
    id: comment.id,
    user: userPayload(comment.author),
    body: comment.body,
    original_author: '',
    created_at: giteaTime(comment.id),
    updated_at: giteaTime(comment.editedAt ?? comment.id),
  }
}

export function reactionPayload({ id, user, word }: SandboxReaction): object {
  return { user: userPayload(user), content: word, created_at: giteaTime(id) }
}

export function statusPayload(status: SandboxStatus): object {
  return {
    id: status.id,
    status: status.state,
    context: status.context,
    description: status.description,
    target_url: status.targetUrl,
  }
}
