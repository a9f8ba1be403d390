import { instantOf } from '../instant-of.ts'
import { type CommitSha, commitSha } from '../../preview/brand.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { Author, MergeRequest, Repository } from '../../preview/merge-request.ts'
import type { ChangedFile, PostedComment, PostedStatus, ReadMergeRequest } from '../rest/dialect.ts'
import type {
  GitlabDiff,
  GitlabMergeRequest,
  GitlabNote,
  GitlabProject,
  GitlabStatus,
  GitlabUser,
} from './schema.ts'

/** Git's own way to say "no commit". */
const noCommit = commitSha('0'.repeat(40))

export function readMergeRequestOf(found: GitlabMergeRequest, forgeUrl: string): ReadMergeRequest {
  return {
    mergeRequest: mergeRequestOf(found, forgeUrl),
    locked: found.discussion_locked === true,
    changedFiles: changedFilesOf(found),
  }
}

/** A merge request in our words. `forgeUrl` is the configured one: no URL is taken from an answer. */
export function mergeRequestOf(found: GitlabMergeRequest, forgeUrl: string): MergeRequest {
  const repository = repositoryOf(
    { id: found.target_project_id, path_with_namespace: pathIn(found) },
    forgeUrl,
  )
  const state = stateOf(found)
  return {
    number: found.iid,
    state,
    openedAt: instantOf(found.created_at),
    title: found.title,
    author: authorOf(found.author ?? null, forgeUrl),
    branch: found.source_branch,
    targetBranch: found.target_branch,
    sha: shaOf(found, state),
    labels: found.labels,
    labelsIgnoreCase: false,
    draft: draftOf(found),
    fork: found.source_project_id === null ? null : found.source_project_id !== found.target_project_id,
    url: `${forgeUrl}/${repository.fullName}/-/merge_requests/${found.iid}`,
    repository,
  }
}

export function repositoryOf(project: GitlabProject, forgeUrl: string): Repository {
  return {
    id: String(project.id),
    fullName: project.path_with_namespace,
    cloneUrl: `${forgeUrl}/${project.path_with_namespace}.git`,
    ...(typeof project.visibility === 'string' ? { isPublic: project.visibility === 'public' } : {}),
  }
}

function draftOf({ draft, work_in_progress: before, iid }: GitlabMergeRequest): boolean {
  const known = draft ?? before
  if (typeof known === 'boolean') return known
  throw new RetryLater(`GitLab does not say whether merge request ${iid} is a draft`)
}

/** `references.full` is `group/sub/project!7`: a path may hold a `!` nowhere. */
function pathIn({ references, iid }: GitlabMergeRequest): string {
  const [, path] = /^([^\s!]+\/[^\s!]+)!\d+$/.exec(references.full) ?? []
  if (path === undefined) throw new RetryLater(`The forge does not say where merge request ${iid} lives`)
  return path
}

/** `locked` is on its way to be merged and may come back: only `merged` itself is the end. */
function stateOf({ state }: GitlabMergeRequest): MergeRequest['state'] {
  switch (state) {
    case 'opened':
    case 'locked':
      return 'open'
    case 'closed':
    case 'merged':
      return state
  }
}

/** https://docs.gitlab.com/user/profile/#use-an-automatically-generated-private-commit-email */
function authorOf(user: GitlabUser | null, forgeUrl: string): Author {
  const host = `users.noreply.${new URL(forgeUrl).hostname}`
  if (user === null) return { login: 'ghost', name: 'ghost', email: `ghost@${host}`, bot: false }
  const name = user.name?.trim() ?? ''
  return {
    login: user.username,
    name: name === '' ? user.username : name,
    email: `${user.id}-${user.username.replaceAll(/[^\w.-]/g, '-')}@${host}`,
    bot: user.bot ?? isBotName(user.username),
  }
}

/** Of the users behind project and group access tokens, and of service accounts with the name GitLab gave them. */
export function isBotName(username: string): boolean {
  return /^(?:(?:project|group)_\d+_bot(?:\d+|_\w+)?|service_account_\w+)$/.test(username)
}

/** One that has ended may have lost its commits with its fork; an open one without a commit is an odd answer. */
function shaOf({ sha, iid, references }: GitlabMergeRequest, state: MergeRequest['state']): CommitSha {
  const text = sha ?? ''
  if (text === '' && state !== 'open') return noCommit
  try {
    return commitSha(text)
  } catch (cause) {
    throw new RetryLater(
      `The forge gives no full commit id for merge request ${iid} (${references.full.slice(0, 200)})`,
      { cause },
    )
  }
}

/** Counted in the background after it is opened; one without any commit of its own is never counted. */
function changedFilesOf({
  changes_count: count,
  diff_refs: refs,
  sha,
}: GitlabMergeRequest): ReadMergeRequest['changedFiles'] {
  const text = count ?? ''
  if (/^\d+\+$/.test(text)) return 'many'
  if (/^\d{1,9}$/.test(text)) return Number(text)
  return typeof sha === 'string' && refs?.head_sha === sha ? 0 : 'not yet'
}

/** A deletion keeps its path on both sides, so that it is not taken for the file that takes its place. */
export function changedFileOf({ new_path, old_path, deleted_file }: GitlabDiff): ChangedFile {
  return { path: new_path, formerPath: new_path === old_path && deleted_file !== true ? null : old_path }
}

export function commentOf({ id, author, body, system }: GitlabNote): PostedComment {
  return { id, author: system === true ? null : (author?.username ?? null), body: body ?? '' }
}

export function postedStatusOf({ id, name, status, description, target_url }: GitlabStatus): PostedStatus {
  return {
    id,
    context: name ?? '',
    state: ourStates[status] ?? status,
    description: description ?? '',
    targetUrl: target_url ?? '',
  }
}

const ourStates: Readonly<Record<string, string>> = {
  created: 'pending',
  pending: 'pending',
  running: 'pending',
  failed: 'failure',
}
