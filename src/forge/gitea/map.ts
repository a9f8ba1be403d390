import { type CommitSha, commitSha } from '../../preview/brand.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { Author, MergeRequest, Repository } from '../../preview/merge-request.ts'
import type { GiteaPullRequest, GiteaRepository, GiteaUser } from './schema.ts'

/** Git's own way to say "no commit". */
const noCommit = commitSha('0'.repeat(40))

/** A pull request in our words. `forgeUrl` is the configured one: no URL is taken from an answer. */
export function mergeRequestOf(pull: GiteaPullRequest, forgeUrl: string): MergeRequest {
  const repository = repositoryOf(pull.base.repo, forgeUrl)
  const state = stateOf(pull)
  return {
    number: pull.number,
    state,
    title: pull.title,
    author: authorOf(pull.user ?? { login: 'ghost' }, forgeUrl),
    branch: branchOf(pull),
    targetBranch: pull.base.ref,
    sha: shaOf(pull, state),
    labels: (pull.labels ?? []).map((label) => label.name),
    draft: pull.draft ?? /^\s*(?:wip:|\[wip\]|draft:)/i.test(pull.title),
    fork: isForeign(pull),
    url: `${forgeUrl}/${repository.fullName}/pulls/${pull.number}`,
    repository,
  }
}

export function repositoryOf(repository: GiteaRepository, forgeUrl: string): Repository {
  return {
    id: String(repository.id),
    fullName: repository.full_name,
    cloneUrl: `${forgeUrl}/${repository.full_name}.git`,
  }
}

function stateOf(pull: GiteaPullRequest): MergeRequest['state'] {
  if (pull.merged === true) return 'merged'
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
  return { login: user.login, name: name === '' ? user.login : name, email }
}

/** Once the branch is deleted `ref` is `refs/pull/7/head`, while `label` still has its name. */
function branchOf({ head }: GiteaPullRequest): string {
  const ref = head.ref ?? ''
  if (ref !== '' && !ref.startsWith('refs/')) return ref
  const label = head.label ?? ''
  return label === '' ? ref.replace(/^refs\/(?:heads\/)?/, '') : label
}

/** AGit pull requests (`refs/for/...`) need no right to write and have no branch: they count as forks. */
function isForeign({ base, head }: GiteaPullRequest): boolean {
  const branchless = (head.ref ?? '').startsWith('refs/') && (head.label ?? '') === ''
  return branchless || head.repo?.id !== base.repo.id
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
