import type { SandboxRepository } from '../../../src/sandbox/forge/state.ts'
import { type Address, nodeId } from './address.ts'
import { timeOf } from './times.ts'
import { ownerPayload } from './user-payloads.ts'

/** Behind the address of the repository; the braces are URI templates. */
const links = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

/** `repository`, as it stands within other things and in webhooks. */
export function repositoryPayload(repository: SandboxRepository, at: Address, fork = false): object {
  const [owner = '', name = ''] = repository.fullName.split('/')
  const page = `${at.html}/${repository.fullName}`
  const url = `${at.api}/repos/${repository.fullName}`
  const linked = Object.fromEntries(Object.entries(links).map(([key, rest]) => [key, `${url}${rest}`]))
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name,
    full_name: repository.fullName,
    private: !repository.isPublic,
    owner: ownerPayload(owner, at),
    html_url: page,
    description: null,
    fork,
    url,
    ...linked,
    created_at: timeOf(repository.id),
    updated_at: timeOf(repository.id),
    pushed_at: timeOf(repository.id),
    git_url: `git:${page.replace(/^https?:/, '')}.git`,
    ssh_url: `git@${new URL(at.html).hostname}:${repository.fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    ...counts,
    default_branch: 'main',
  }
}

const counts = {
  homepage: null,
  size: 108,
  stargazers_count: 0,
  watchers_count: 0,
  language: null,
  has_issues: true,
  has_projects: true,
  has_downloads: true,
  has_wiki: true,
  has_pages: false,
  has_discussions: false,
  forks_count: 0,
  mirror_url: null,
  archived: false,
  disabled: false,
  open_issues_count: 0,
  license: null,
  allow_forking: true,
  is_template: false,
  web_commit_signoff_required: false,
  topics: [],
  visibility: 'private',
  forks: 0,
  open_issues: 0,
  watchers: 0,
}

/** `full-repository`: one that is asked for by itself. */
export function fullRepositoryPayload(repository: SandboxRepository, at: Address): object {
  return {
    ...repositoryPayload(repository, at),
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    temp_clone_token: '',
    network_count: 0,
    subscribers_count: 0,
  }
}
