import { z } from 'zod'
import type { CommitSha } from '../../preview/brand.ts'
import type { ForgeCall } from '../http/call.ts'
import type { RestCalls } from '../rest/dialect.ts'
import { changedFileOf, commentOf, readMergeRequestOf, repositoryOf, postedStatusOf } from './map.ts'
import {
  GiteaChangedFile,
  GiteaComment,
  GiteaOpenPullRequests,
  GiteaPullRequest,
  GiteaRepository,
  GiteaStatus,
  GiteaUser,
} from './schema.ts'
import { repositoryPath } from './repository-path.ts'

/**
 * Every question Mayfly asks a Gitea or Forgejo, with the token's right it needs:
 * https://docs.gitea.com/development/oauth2-provider#scopes. `url` is the configured one: none is taken from an answer.
 */
export function giteaCalls(url: string): RestCalls {
  return { ...reading(url), ...comments, ...statuses }
}

function reading(
  url: string,
): Pick<RestCalls, 'me' | 'repository' | 'mergeRequest' | 'openMergeRequests' | 'changedFiles'> {
  return {
    me: () => ({
      operation: 'read-own-user',
      purpose: 'read its own user name',
      right: 'read:user',
      method: 'GET',
      path: ['user'],
      schema: GiteaUser.transform(({ login }) => login),
    }),
    repository: (repository) => ({
      ...readsRepository,
      operation: 'read-repository',
      purpose: `read the repository ${repository}`,
      path: repositoryPath(repository),
      schema: GiteaRepository.transform((answer) => repositoryOf(answer, url)),
    }),
    mergeRequest: ({ repository, number }) => ({
      ...readsRepository,
      operation: 'read-merge-request',
      purpose: `read merge request ${number} of ${repository}`,
      path: pullPath(repository, number),
      schema: GiteaPullRequest.transform((pull) => readMergeRequestOf(pull, url)),
      expected: [404],
    }),
    openMergeRequests: (repository) => ({
      ...readsRepository,
      operation: 'list-merge-requests',
      purpose: `list the merge requests of ${repository} (they may be switched off there)`,
      path: [...repositoryPath(repository), 'pulls'],
      query: { state: 'open' },
      schema: GiteaOpenPullRequests.transform((pulls) => pulls.map(({ number }) => number)),
    }),
    changedFiles: ({ repository, number }) => ({
      ...readsRepository,
      operation: 'list-changed-files',
      purpose: `list the files that merge request ${number} of ${repository} changes`,
      path: [...pullPath(repository, number), 'files'],
      schema: z.array(GiteaChangedFile.transform(changedFileOf)),
    }),
  }
}

const readsRepository = { method: 'GET', right: 'read:repository' } as const

const comments: Pick<RestCalls, 'comments' | 'createComment' | 'editComment' | 'deleteComment'> = {
  comments: ({ repository, number }) => ({
    operation: 'list-comments',
    purpose: `read the comments on merge request ${number} of ${repository}`,
    right: 'read:issue',
    method: 'GET',
    path: [...repositoryPath(repository), 'issues', String(number), 'comments'],
    schema: z.array(GiteaComment.transform(commentOf)),
    expected: [404],
  }),
  createComment: ({ repository, number }, body) => ({
    operation: 'create-comment',
    purpose: `comment on merge request ${number} of ${repository}`,
    right: 'write:issue',
    method: 'POST',
    path: [...repositoryPath(repository), 'issues', String(number), 'comments'],
    body: { body },
    schema: GiteaComment,
  }),
  editComment: ({ repository }, comment, body) => ({
    operation: 'edit-comment',
    purpose: `edit its comment ${comment} in ${repository}`,
    right: 'write:issue',
    method: 'PATCH',
    path: [...repositoryPath(repository), 'issues', 'comments', String(comment)],
    body: { body },
    schema: GiteaComment,
  }),
  deleteComment: ({ repository }, comment) => ({
    operation: 'delete-comment',
    purpose: `delete its duplicate comment ${comment} in ${repository}`,
    right: 'write:issue',
    method: 'DELETE',
    path: [...repositoryPath(repository), 'issues', 'comments', String(comment)],
    schema: z.undefined(),
    expected: [404],
  }),
}

const statuses: Pick<RestCalls, 'statuses' | 'createStatus'> = {
  statuses: (repository, sha) => ({
    ...commitStatusesCall(repository, sha),
    schema: z.array(GiteaStatus.transform(postedStatusOf)),
  }),
  createStatus: (repository, sha, status): ForgeCall<unknown> => ({
    operation: 'create-status',
    purpose: `set a commit status in ${repository}`,
    right: 'write:repository',
    method: 'POST',
    path: [...repositoryPath(repository), 'statuses', sha],
    body: {
      context: status.context,
      state: status.state,
      description: status.description,
      target_url: status.targetUrl ?? '',
    },
    schema: GiteaStatus,
  }),
}

/** All statuses of a commit, whoever reads what of them. */
export function commitStatusesCall(repository: string, sha: CommitSha) {
  return {
    ...readsRepository,
    operation: 'list-statuses',
    purpose: `read the commit statuses of ${sha.slice(0, 7)} in ${repository}`,
    path: [...repositoryPath(repository), 'commits', sha, 'statuses'],
    // By their own counter: two of the same second keep their order from page to page.
    query: { sort: 'leastindex' },
    expected: [404],
  } as const
}

function pullPath(repository: string, number: number): readonly string[] {
  return [...repositoryPath(repository), 'pulls', String(number)]
}
