import { createHash } from 'node:crypto'
import {
  headOf,
  type SandboxFile,
  type SandboxMergeRequest,
  type SandboxRepository,
} from '../../../src/sandbox/forge/state.ts'
import { type Address, nodeId } from './address.ts'
import { repositoryPayload } from './repository-payloads.ts'
import { timeOf } from './times.ts'
import { ownerPayload, userPayload } from './user-payloads.ts'

/** `pull-request-simple`: an item of a list. */
export function pullPayload(repository: SandboxRepository, pull: SandboxMergeRequest, at: Address): object {
  const id = idOf(repository, pull)
  const ended = pull.state === 'open' ? null : timeOf(id + 1)
  return {
    ...linksOf(repository, pull, at),
    id,
    node_id: nodeId('PullRequest', id),
    number: pull.number,
    state: pull.state === 'open' ? 'open' : 'closed',
    locked: pull.locked,
    title: pull.title,
    user: userPayload(pull.author, at),
    body: pull.body === '' ? null : pull.body,
    created_at: timeOf(id),
    updated_at: timeOf(id + pull.commits.length),
    closed_at: ended,
    merged_at: pull.state === 'merged' ? ended : null,
    merge_commit_sha: pull.state === 'merged' ? headOf(pull) : null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: pull.labels.map((name) => labelPayload(repository, name, at)),
    milestone: null,
    draft: pull.draft,
    head: headPayload(repository, pull, at),
    base: endPayload(repository, { ref: pull.targetBranch, sha: shaOf(pull.targetBranch) }, at),
    author_association: pull.source === 'same repository' ? 'MEMBER' : 'NONE',
    auto_merge: null,
    active_lock_reason: pull.locked ? 'resolved' : null,
  }
}

/** `pull-request`: one that is asked for by itself, and in webhooks. */
export function fullPullPayload(
  repository: SandboxRepository,
  pull: SandboxMergeRequest,
  at: Address,
): object {
  const merged = pull.state === 'merged'
  return {
    ...pullPayload(repository, pull, at),
    merged,
    // GitHub computes it later: null comes first.
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: merged ? userPayload(pull.author, at) : null,
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.commits.length,
    additions: pull.files.length,
    deletions: 0,
    changed_files: pull.files.length,
  }
}

export function labelPayload(repository: SandboxRepository, name: string, { api }: Address): object {
  const id = Number.parseInt(createHash('sha1').update(name).digest('hex').slice(0, 8), 16)
  return {
    id,
    node_id: nodeId('Label', id),
    url: `${api}/repos/${repository.fullName}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'ededed',
    default: false,
    description: '',
  }
}

/** `diff-entry`. */
export function filePayload(
  repository: SandboxRepository,
  pull: SandboxMergeRequest,
  { path, previousPath }: SandboxFile,
  { html, api }: Address,
): object {
  const head = headOf(pull)
  const place = path.split('/').map(encodeURIComponent).join('/')
  return {
    sha: shaOf(path),
    filename: path,
    status: previousPath === null ? 'modified' : 'renamed',
    additions: 1,
    deletions: 0,
    changes: 1,
    blob_url: `${html}/${repository.fullName}/blob/${head}/${place}`,
    raw_url: `${html}/${repository.fullName}/raw/${head}/${place}`,
    contents_url: `${api}/repos/${repository.fullName}/contents/${place}?ref=${head}`,
    ...(previousPath === null ? {} : { previous_filename: previousPath }),
  }
}

function idOf(repository: SandboxRepository, pull: SandboxMergeRequest): number {
  return repository.id * 1_000_000 + pull.number
}

function linksOf({ fullName }: SandboxRepository, pull: SandboxMergeRequest, { html, api }: Address): object {
  const page = `${html}/${fullName}/pull/${pull.number}`
  const base = `${api}/repos/${fullName}`
  const url = `${base}/pulls/${pull.number}`
  const issue = `${base}/issues/${pull.number}`
  const links = {
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${base}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${base}/statuses/${headOf(pull)}`,
  }
  const hrefs = { self: url, html: page, issue, ...links }
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    _links: Object.fromEntries(Object.entries(hrefs).map(([name, href]) => [name, { href }])),
  }
}

/** A deleted branch keeps its name here; a deleted fork leaves no repository. */
function headPayload(repository: SandboxRepository, pull: SandboxMergeRequest, at: Address): object {
  const end = { ref: pull.branch, sha: headOf(pull) }
  const { author } = pull
  if (pull.source === 'deleted fork')
    return { label: `unknown repository`, ...end, user: userPayload(author, at), repo: null }
  if (pull.source !== 'fork') return endPayload(repository, end, at)
  const name = repository.fullName.split('/').at(-1) ?? ''
  const fork = { ...repository, id: repository.id + 500_000, fullName: `${author.login}/${name}` }
  return {
    label: `${author.login}:${pull.branch}`,
    ...end,
    user: userPayload(author, at),
    repo: repositoryPayload(fork, at, true),
  }
}

function endPayload(repository: SandboxRepository, end: { ref: string; sha: string }, at: Address): object {
  const [owner = ''] = repository.fullName.split('/')
  return {
    label: `${owner}:${end.ref}`,
    ...end,
    user: ownerPayload(owner, at),
    repo: repositoryPayload(repository, at),
  }
}

function shaOf(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
