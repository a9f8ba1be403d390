import { z } from 'zod'
import type { CommitSha } from '../../preview/brand.ts'
import type { ForgeCall } from '../http/call.ts'
import type { CommitStatus } from '../port.ts'
import type { PostedStatus, RestCalls } from '../rest/dialect.ts'
import { changedFileOf, commentOf, readMergeRequestOf, repositoryOf, postedStatusOf } from './map.ts'
import {
  GitlabDiff,
  GitlabMergeRequest,
  GitlabNote,
  GitlabOpenMergeRequests,
  GitlabProject,
  GitlabStatus,
  GitlabUser,
} from './schema.ts'
import { Stalled } from '../../preview/errors.ts'

/**
 * Every question Mayfly asks a GitLab, with the scope of the token and the role of its user that it needs:
 * https://docs.gitlab.com/api/rest/. `url` is the configured one: none is taken from an answer.
 */
export function gitlabCalls(url: string): RestCalls {
  return { ...reading(url), ...comments, ...statuses }
}

export const readsProject = { method: 'GET', right: 'scope api, role Reporter' } as const

function reading(
  url: string,
): Pick<RestCalls, 'me' | 'repository' | 'mergeRequest' | 'openMergeRequests' | 'changedFiles'> {
  return {
    me: () => ({
      operation: 'read-own-user',
      purpose: 'read its own user name',
      right: 'scope api',
      method: 'GET',
      path: ['user'],
      schema: GitlabUser.transform(({ username }) => username),
    }),
    repository: (repository) => ({
      ...readsProject,
      operation: 'read-repository',
      purpose: `read the project ${repository}`,
      path: projectPath(repository),
      schema: GitlabProject.transform((project) => repositoryOf(project, url)),
    }),
    mergeRequest: ({ repository, number }) => ({
      ...readsProject,
      operation: 'read-merge-request',
      purpose: `read merge request ${number} of ${repository}`,
      path: mergeRequestPath(repository, number),
      schema: GitlabMergeRequest.transform((found) => readMergeRequestOf(found, url)),
      expected: [404],
    }),
    openMergeRequests: (repository) => ({
      ...readsProject,
      operation: 'list-merge-requests',
      purpose: `list the merge requests of ${repository} (they may be switched off there)`,
      path: [...projectPath(repository), 'merge_requests'],
      // The oldest first: what is opened meanwhile moves nothing from page to page.
      query: { state: 'opened', view: 'simple', order_by: 'created_at', sort: 'asc' },
      schema: GitlabOpenMergeRequests.transform((found) => found.map(({ iid }) => iid)),
    }),
    changedFiles: ({ repository, number }) => ({
      ...readsProject,
      operation: 'list-changed-files',
      purpose: `list the files that merge request ${number} of ${repository} changes (GitLab 15.7 and newer)`,
      path: [...mergeRequestPath(repository, number), 'diffs'],
      schema: z.array(GitlabDiff.transform(changedFileOf)),
    }),
  }
}

const writesComment = { right: 'scope api, role Reporter' } as const

const comments: Pick<RestCalls, 'comments' | 'createComment' | 'editComment' | 'deleteComment'> = {
  comments: ({ repository, number }) => ({
    ...writesComment,
    operation: 'list-comments',
    purpose: `read the comments on merge request ${number} of ${repository}`,
    method: 'GET',
    path: notesPath(repository, number),
    query: { sort: 'asc', order_by: 'created_at', activity_filter: 'only_comments' },
    schema: z.array(GitlabNote.transform(commentOf)),
    expected: [404],
  }),
  createComment: ({ repository, number }, body) => ({
    ...writesComment,
    operation: 'create-comment',
    purpose: `comment on merge request ${number} of ${repository}`,
    method: 'POST',
    path: notesPath(repository, number),
    body: { body },
    schema: GitlabNote,
  }),
  editComment: ({ repository, number }, comment, body) => ({
    ...writesComment,
    operation: 'edit-comment',
    purpose: `edit its comment ${comment} in ${repository}`,
    method: 'PUT',
    path: [...notesPath(repository, number), String(comment)],
    body: { body },
    schema: GitlabNote,
  }),
  deleteComment: ({ repository, number }, comment) => ({
    ...writesComment,
    operation: 'delete-comment',
    purpose: `delete its duplicate comment ${comment} in ${repository}`,
    method: 'DELETE',
    path: [...notesPath(repository, number), String(comment)],
    schema: z.undefined(),
    expected: [404],
  }),
}

const statuses: Pick<RestCalls, 'statuses' | 'createStatus'> = {
  statuses: (repository, sha, context) => ({
    ...readsProject,
    operation: 'list-statuses',
    purpose: `read the commit statuses of ${sha.slice(0, 7)} in ${repository}`,
    path: commitStatusesPath(repository, sha),
    query: { name: context },
    schema: z.array(GitlabStatus.transform(postedStatusOf)),
    expected: [404],
  }),
  createStatus: (repository, sha, status, newest): ForgeCall<unknown> => ({
    operation: 'create-status',
    purpose: `set a commit status in ${repository} (on a protected branch only who may push to it)`,
    right: 'scope api, role Developer',
    method: 'POST',
    path: [...projectPath(repository), 'statuses', sha],
    body: statusBody(status, newest),
    schema: GitlabStatus,
    expected: [400, 404],
  }),
}

/** The longest target that GitLab takes; a longer one is left out, which is better than no status. */
const longestUrl = 255

function statusBody(
  { context, state, description, targetUrl }: CommitStatus,
  newest: PostedStatus | null,
): object {
  const target = targetUrl === null || targetUrl.length > longestUrl ? {} : { target_url: targetUrl }
  return { state: stateFor(state, newest), name: context, description, ...target }
}

/** A status is a job, which never enters the same state twice: `running` is how one that waits gets new words, once. */
function stateFor(state: CommitStatus['state'], newest: PostedStatus | null): string {
  switch (state) {
    case 'pending':
      return newest?.state === 'pending' ? 'running' : 'pending'
    case 'success':
      return 'success'
    case 'failure':
      return 'failed'
  }
}

export function commitStatusesPath(repository: string, sha: CommitSha): readonly string[] {
  return [...projectPath(repository), 'repository', 'commits', sha, 'statuses']
}

function notesPath(repository: string, number: number): readonly string[] {
  return [...mergeRequestPath(repository, number), 'notes']
}

function mergeRequestPath(repository: string, number: number): readonly string[] {
  return [...projectPath(repository), 'merge_requests', String(number)]
}

/** A project is one segment of the path, however deep its group lies: https://docs.gitlab.com/api/rest/#namespaced-paths */
export function projectPath(repository: string): readonly string[] {
  const isNumber = /^[1-9]\d{0,18}$/.test(repository)
  const isPath = /^[\w.-]+(?:\/[\w.-]+)+$/.test(repository) && !/(?:^|\/)\.+(?:\/|$)/.test(repository)
  if (isNumber || isPath) return ['projects', repository]
  throw new Stalled(
    `${JSON.stringify(repository.slice(0, 200))} is no project of a GitLab: write it as group/project, with every subgroup, or as its number.`,
  )
}
