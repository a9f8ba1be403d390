import { z } from 'zod'
import type { RestCalls } from '../rest/dialect.ts'
import { github, ownerAndRepo, route } from './endpoint.ts'
import { changedFileOf, commentOf, readMergeRequestOf, repositoryOf, postedStatusOf } from './map.ts'
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
      ...route(github.users.getAuthenticated.endpoint({})),
      schema: GithubUser.transform(({ login }) => login),
    }),
    repository: (repository) => ({
      operation: 'read-repository',
      purpose: `read the repository ${repository}`,
      right: 'Metadata: read',
      ...route(github.repos.get.endpoint(ownerAndRepo(repository))),
      schema: GithubRepository.transform((answer) => repositoryOf(answer, url)),
    }),
    mergeRequest: ({ repository, number }) => ({
      ...readsPullRequests,
      operation: 'read-merge-request',
      purpose: `read merge request ${number} of ${repository}`,
      ...route(github.pulls.get.endpoint(pullOf(repository, number))),
      schema: GithubPullRequest.transform((pull) => readMergeRequestOf(pull, url)),
      expected: [404],
    }),
    openMergeRequests: (repository) => ({
      ...readsPullRequests,
      operation: 'list-merge-requests',
      purpose: `list the merge requests of ${repository}`,
      // The oldest first: one that is opened meanwhile does not move the others from page to page.
      ...route(
        github.pulls.list.endpoint({
          ...ownerAndRepo(repository),
          state: 'open',
          sort: 'created',
          direction: 'asc',
        }),
      ),
      schema: GithubOpenPullRequests.transform((pulls) => pulls.map(({ number }) => number)),
    }),
    changedFiles: ({ repository, number }) => ({
      ...readsPullRequests,
      operation: 'list-changed-files',
      purpose: `list the files that merge request ${number} of ${repository} changes`,
      ...route(github.pulls.listFiles.endpoint(pullOf(repository, number))),
      schema: z.array(GithubFile.transform(changedFileOf)),
    }),
  }
}

const readsPullRequests = { right: 'Pull requests: read' } as const
const writesPullRequests = { right: 'Pull requests: write' } as const

const comments: Pick<RestCalls, 'comments' | 'createComment' | 'editComment' | 'deleteComment'> = {
  comments: ({ repository, number }) => ({
    ...readsPullRequests,
    operation: 'list-comments',
    purpose: `read the comments on merge request ${number} of ${repository}`,
    ...route(github.issues.listComments.endpoint(issueOf(repository, number))),
    schema: z.array(GithubComment.transform(commentOf)),
    expected: [404],
  }),
  createComment: ({ repository, number }, body) => ({
    ...writesPullRequests,
    operation: 'create-comment',
    purpose: `comment on merge request ${number} of ${repository}`,
    ...route(github.issues.createComment.endpoint({ ...issueOf(repository, number), body })),
    schema: GithubComment,
  }),
  editComment: ({ repository }, comment, body) => ({
    ...writesPullRequests,
    operation: 'edit-comment',
    purpose: `edit its comment ${comment} in ${repository}`,
    ...route(
      github.issues.updateComment.endpoint({ ...ownerAndRepo(repository), comment_id: comment, body }),
    ),
    schema: GithubComment,
  }),
  deleteComment: ({ repository }, comment) => ({
    ...writesPullRequests,
    operation: 'delete-comment',
    purpose: `delete its duplicate comment ${comment} in ${repository}`,
    ...route(github.issues.deleteComment.endpoint({ ...ownerAndRepo(repository), comment_id: comment })),
    schema: z.undefined(),
    expected: [404],
  }),
}

const statuses: Pick<RestCalls, 'statuses' | 'createStatus'> = {
  statuses: (repository, sha) => ({
    operation: 'list-statuses',
    purpose: `read the commit statuses of ${sha.slice(0, 7)} in ${repository}`,
    right: 'Commit statuses: read',
    ...route(github.repos.listCommitStatusesForRef.endpoint({ ...ownerAndRepo(repository), ref: sha })),
    schema: z.array(GithubStatus.transform(postedStatusOf)),
    // 422: no commit of that name.
    expected: [404, 422],
  }),
  createStatus: (repository, sha, { context, state, description, targetUrl }) => ({
    operation: 'create-status',
    purpose: `set a commit status in ${repository}`,
    right: 'Commit statuses: write',
    ...route(
      github.repos.createCommitStatus.endpoint({
        ...ownerAndRepo(repository),
        sha,
        context,
        state,
        description,
        ...(targetUrl === null ? {} : { target_url: targetUrl }),
      }),
    ),
    schema: GithubStatus,
    expected: [422],
  }),
}

function pullOf(repository: string, number: number) {
  return { ...ownerAndRepo(repository), pull_number: number }
}

/** To GitHub a pull request is an issue too: its conversation lives there. */
function issueOf(repository: string, number: number) {
  return { ...ownerAndRepo(repository), issue_number: number }
}
