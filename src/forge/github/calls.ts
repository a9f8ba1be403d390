import { z } from 'zod'
import { Stalled } from '../../preview/errors.ts'
import type { RestCalls } from '../rest/dialect.ts'
import { changedFileOf, commentOf, readMergeRequestOf, repositoryOf, statusOf } from './map.ts'
import {
  GithubComment,
  GithubFile,
  GithubOpenPullRequests,
  GithubPullRequest,
  GithubRepository,
  GithubStatus,
  GithubUser,
} from './schema.ts'

/**
 * Every question Mayfly asks a GitHub, with the permission of a fine-grained token or App that it needs:
 * https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens.
 * `url` is the configured one: none is taken from an answer.
 */
export function githubCalls(url: string): RestCalls {
  return { ...reading(url), ...comments, ...statuses }
}

function reading(
  url: string,
): Pick<RestCalls, 'me' | 'repository' | 'mergeRequest' | 'openMergeRequests' | 'changedFiles'> {
  return {
    me: () => ({
      operation: 'read-own-user',
      purpose: 'read its own user name',
      right: 'Metadata: read',
      method: 'GET',
      path: ['user'],
      schema: GithubUser.transform(({ login }) => login),
    }),
    repository: (repository) => ({
      operation: 'read-repository',
      purpose: `read the repository ${repository}`,
      right: 'Metadata: read',
      method: 'GET',
      path: repositoryPath(repository),
      schema: GithubRepository.transform((answer) => repositoryOf(answer, url)),
    }),
    mergeRequest: ({ repository, number }) => ({
      ...readsPullRequests,
      operation: 'read-merge-request',
      purpose: `read merge request ${number} of ${repository}`,
      path: pullPath(repository, number),
      schema: GithubPullRequest.transform((pull) => readMergeRequestOf(pull, url)),
      expected: [404],
    }),
    openMergeRequests: (repository) => ({
      ...readsPullRequests,
      operation: 'list-merge-requests',
      purpose: `list the merge requests of ${repository}`,
      path: [...repositoryPath(repository), 'pulls'],
      // The oldest first: one that is opened meanwhile does not move the others from page to page.
      query: { state: 'open', sort: 'created', direction: 'asc' },
      schema: GithubOpenPullRequests.transform((pulls) => pulls.map(({ number }) => number)),
    }),
    changedFiles: ({ repository, number }) => ({
      ...readsPullRequests,
      operation: 'list-changed-files',
      purpose: `list the files that merge request ${number} of ${repository} changes`,
      path: [...pullPath(repository, number), 'files'],
      schema: z.array(GithubFile.transform(changedFileOf)),
    }),
  }
}

const readsPullRequests = { method: 'GET', right: 'Pull requests: read' } as const
const writesPullRequests = { right: 'Pull requests: write' } as const

const comments: Pick<RestCalls, 'comments' | 'createComment' | 'editComment' | 'deleteComment'> = {
  comments: ({ repository, number }) => ({
    ...readsPullRequests,
    operation: 'list-comments',
    purpose: `read the comments on merge request ${number} of ${repository}`,
    path: [...issuePath(repository, number), 'comments'],
    schema: z.array(GithubComment.transform(commentOf)),
    expected: [404],
  }),
  createComment: ({ repository, number }, body) => ({
    ...writesPullRequests,
    operation: 'create-comment',
    purpose: `comment on merge request ${number} of ${repository}`,
    method: 'POST',
    path: [...issuePath(repository, number), 'comments'],
    body: { body },
    schema: GithubComment,
  }),
  editComment: ({ repository }, comment, body) => ({
    ...writesPullRequests,
    operation: 'edit-comment',
    purpose: `edit its comment ${comment} in ${repository}`,
    method: 'PATCH',
    path: [...repositoryPath(repository), 'issues', 'comments', String(comment)],
    body: { body },
    schema: GithubComment,
  }),
  deleteComment: ({ repository }, comment) => ({
    ...writesPullRequests,
    operation: 'delete-comment',
    purpose: `delete its duplicate comment ${comment} in ${repository}`,
    method: 'DELETE',
    path: [...repositoryPath(repository), 'issues', 'comments', String(comment)],
    schema: z.undefined(),
    expected: [404],
  }),
}

const statuses: Pick<RestCalls, 'statuses' | 'createStatus'> = {
  statuses: (repository, sha) => ({
    operation: 'list-statuses',
    purpose: `read the commit statuses of ${sha.slice(0, 7)} in ${repository}`,
    right: 'Commit statuses: read',
    method: 'GET',
    path: [...repositoryPath(repository), 'commits', sha, 'statuses'],
    schema: z.array(GithubStatus.transform(statusOf)),
    // 422: no commit of that name.
    expected: [404, 422],
  }),
  createStatus: (repository, sha, { context, state, description, targetUrl }) => ({
    operation: 'create-status',
    purpose: `set a commit status in ${repository}`,
    right: 'Commit statuses: write',
    method: 'POST',
    path: [...repositoryPath(repository), 'statuses', sha],
    body: { context, state, description, ...(targetUrl === null ? {} : { target_url: targetUrl }) },
    schema: GithubStatus,
    expected: [422],
  }),
}

function pullPath(repository: string, number: number): readonly string[] {
  return [...repositoryPath(repository), 'pulls', String(number)]
}

/** To GitHub a pull request is an issue too: its conversation lives there. */
function issuePath(repository: string, number: number): readonly string[] {
  return [...repositoryPath(repository), 'issues', String(number)]
}

export function repositoryPath(repository: string): readonly string[] {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined || name === undefined || /^\.+$/.test(owner) || /^\.+$/.test(name))
    throw new Stalled(
      `${JSON.stringify(repository.slice(0, 200))} is no repository of a GitHub: write it as owner/name.`,
    )
  return ['repos', owner, name]
}
