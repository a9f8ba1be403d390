import { instantOf } from '../instant-of.ts'
import { type CommitSha, commitSha } from '../../preview/brand.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { Author, MergeRequest, Repository } from '../../preview/merge-request.ts'
import type { ChangedFile, PostedComment, PostedStatus, ReadMergeRequest } from '../rest/dialect.ts'
import type {
  GiteaChangedFile,
  GiteaComment,
  GiteaPullRequest,
  GiteaRepository,
  GiteaStatus,
  GiteaUser,
} from './schema.ts'

/** Git's own way to say "no commit". */
const noCommit = commitSha('0'.repeat(40))

export function readMergeRequestOf(pull: GiteaPullRequest, forgeUrl: string): ReadMergeRequest {
  return {
    mergeRequest: mergeRequestOf(pull, forgeUrl),
    locked: pull.is_locked === true,
    changedFiles: pull.changed_files ?? null,
  }
}

/** A pull request in our words. `forgeUrl` is the configured one: no URL is taken from an answer. */
export function mergeRequestOf(pull: GiteaPullRequest, forgeUrl: string): MergeRequest {
  const repository = repositoryOf(pull.base.repo, forgeUrl)
  const state = stateOf(pull)
  return {
    number: pull.number,
    state,
    openedAt: instantOf(pull.created_at),
    title: pull.title,
    author: authorOf(pull.user ?? { login: 'ghost' }, forgeUrl),
    branch: branchOf(pull),
    targetBranch: pull.base.ref,
    sha: shaOf(pull, state),
    labels: pull.labels.map((label) => label.name),
    labelsIgnoreCase: false,
    draft: pull.draft ?? /^\s*(?:wip:|\[wip\]|draft:)/i.test(pull.title),
    fork: isForeign(pull),
    ...sourceOf(pull, forgeUrl),
    url: `${forgeUrl}/${repository.fullName}/pulls/${pull.number}`,
    repository,
  }
}

export function repositoryOf(repository: GiteaRepository, forgeUrl: string): Repository {
  return {
    id: String(repository.id),
    fullName: repository.full_name,
    cloneUrl: `${forgeUrl}/${repository.full_name}.git`,
    ...(typeof repository.private === 'boolean' ? { isPublic: !repository.private } : {}),
  }
}

function stateOf(pull: GiteaPullRequest): MergeRequest['state'] {
  if (pull.merged) return 'merged'
  return pull.state
}

/** A public address stays out of commits: only the forge's own no-reply address is used. */
function authorOf(user: GiteaUser, forgeUrl: string): Author {
  const given = user.email ?? ''
  const local = user.login.replaceAll(/[^\w.+-]/g, '-')
  const email = /^[^\s@<>]+@(?:[\w-]+\.)*noreply\.[\w.-]+$/i.test(given)
    ? given
    : `${local}@noreply.${new URL(forgeUrl).hostname}`
  const name = user.full_name?.trim() ?? ''
  // Gitea has no mark for bots: the ending is what bots of other forges keep when they are mirrored.
  return {
    login: user.login,
    name: name === '' ? user.login : name,
    email,
    bot: user.login.endsWith('[bot]'),
  }
}

/** Once the branch is deleted `ref` is `refs/pull/7/head`, while `label` still has its name. */
function branchOf({ head }: GiteaPullRequest): string {
  const ref = head.ref ?? ''
  if (ref !== '' && !ref.startsWith('refs/')) return ref
  const label = head.label ?? ''
  return label === '' ? ref.replace(/^refs\/(?:heads\/)?/, '') : label
}

/** Of a fork; without its name nothing is said. */
function sourceOf({ base, head }: GiteaPullRequest, forgeUrl: string): Pick<MergeRequest, 'sourceCloneUrl'> {
  const name = head.repo?.full_name ?? null
  if (name === null || head.repo?.id === base.repo.id) return {}
  return { sourceCloneUrl: `${forgeUrl}/${name}.git` }
}

/** AGit pull requests (`refs/for/...`) need no right to write and have no branch: they count as forks. */
function isForeign({ base, head }: GiteaPullRequest): boolean | null {
  const branchless = (head.ref ?? '').startsWith('refs/') && (head.label ?? '') === ''
  if (branchless) return true
  return head.repo === null ? null : head.repo.id !== base.repo.id
}

/** One that has ended may have lost its commits with its fork; an open one without a commit is an odd answer. */
function shaOf(pull: GiteaPullRequest, state: MergeRequest['state']): CommitSha {
  const text = pull.head.sha ?? ''
  if (text === '' && state !== 'open') return noCommit
  try {
    return commitSha(text)
  } catch (cause) {
    throw new RetryLater(
      `The forge gives no full commit id for merge request ${pull.number} of ${pull.base.repo.full_name}`,
      { cause },
    )
  }
}

/** Some versions call a file renamed and leave out its former name: half a list. */
export function changedFileOf({
  filename,
  status,
  previous_filename: former,
}: GiteaChangedFile): ChangedFile {
  const formerPath = former === undefined || former === '' ? null : former
  if (status === 'renamed' && formerPath === null)
    throw new Stalled(
      'This version of the forge does not say the former names of renamed files: a newer one does',
    )
  return { path: filename, formerPath }
}

export function commentOf({ id, user, body }: GiteaComment): PostedComment {
  return { id, author: user?.login ?? null, body: body ?? '' }
}

export function postedStatusOf(status: GiteaStatus): PostedStatus {
  return {
    id: status.id,
    context: status.context,
    state: status.status ?? '',
    description: status.description ?? '',
    targetUrl: status.target_url ?? '',
  }
}
