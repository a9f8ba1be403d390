import { instantOf } from '../instant-of.ts'
import { commitSha } from '../../preview/brand.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { Author, MergeRequest, Repository } from '../../preview/merge-request.ts'
import type { ChangedFile, PostedComment, PostedStatus, ReadMergeRequest } from '../rest/dialect.ts'
import type {
  GithubComment,
  GithubFile,
  GithubPullRequest,
  GithubRepository,
  GithubStatus,
  GithubUser,
} from './schema.ts'

/** A pull request in our words. `forgeUrl` is the configured one: no URL is taken from an answer. */
export function readMergeRequestOf(pull: GithubPullRequest, forgeUrl: string): ReadMergeRequest {
  const repository = repositoryOf(pull.base.repo, forgeUrl)
  return {
    mergeRequest: {
      number: pull.number,
      state: stateOf(pull),
      openedAt: instantOf(pull.created_at),
      title: pull.title,
      author: authorOf(pull.user ?? ghost, forgeUrl),
      branch: pull.head.ref,
      targetBranch: pull.base.ref,
      sha: shaOf(pull),
      labels: pull.labels.map((label) => label.name),
      labelsIgnoreCase: true,
      draft: pull.draft,
      fork: pull.head.repo === null ? null : pull.head.repo.id !== pull.base.repo.id,
      ...sourceOf(pull, forgeUrl),
      url: `${forgeUrl}/${repository.fullName}/pull/${pull.number}`,
      repository,
    },
    locked: pull.locked === true,
    changedFiles: pull.changed_files,
  }
}

/** Of a fork; without its name nothing is said. */
function sourceOf({ base, head }: GithubPullRequest, forgeUrl: string): Pick<MergeRequest, 'sourceCloneUrl'> {
  const name = head.repo?.full_name ?? null
  if (name === null || head.repo?.id === base.repo.id) return {}
  return { sourceCloneUrl: `${forgeUrl}/${name}.git` }
}

/** Whom GitHub shows in the place of a user who is gone. */
const ghost: GithubUser = { id: 10137, login: 'ghost', type: 'User' }

export function repositoryOf(repository: GithubRepository, forgeUrl: string): Repository {
  return {
    id: String(repository.id),
    fullName: repository.full_name,
    cloneUrl: `${forgeUrl}/${repository.full_name}.git`,
    ...(typeof repository.private === 'boolean' ? { isPublic: !repository.private } : {}),
  }
}

function stateOf({ merged, state }: GithubPullRequest): MergeRequest['state'] {
  return merged ? 'merged' : state
}

/** The address that GitHub itself gives people who keep theirs private; https://docs.github.com/en/account-and-profile. */
function authorOf({ id, login, type }: GithubUser, forgeUrl: string): Author {
  const local = `${id}+${login.replaceAll(/[^\w.+[\]-]/g, '-')}`
  const email = `${local}@users.noreply.${new URL(forgeUrl).hostname}`
  return { login, name: login, email, bot: type === 'Bot' || login.endsWith('[bot]') }
}

function shaOf({ head, number, base }: GithubPullRequest): MergeRequest['sha'] {
  try {
    return commitSha(head.sha)
  } catch (cause) {
    throw new RetryLater(
      `GitHub gives no full commit id for merge request ${number} of ${base.repo.full_name}`,
      { cause },
    )
  }
}

export function changedFileOf({ filename, previous_filename: former }: GithubFile): ChangedFile {
  return { path: filename, formerPath: former ?? null }
}

export function commentOf({ id, user, body }: GithubComment): PostedComment {
  return { id, author: user?.login ?? null, body: body ?? '' }
}

export function postedStatusOf(status: GithubStatus): PostedStatus {
  return {
    id: status.id,
    context: status.context,
    state: status.state,
    description: status.description ?? '',
    targetUrl: status.target_url ?? '',
  }
}
