import { z } from 'zod'
import type { ForgeCall } from '../http/call.ts'
import { Stalled } from '../../preview/errors.ts'
import type { CommitStatus } from '../port.ts'
import {
  GiteaChangedFile,
  GiteaComment,
  GiteaOpenPullRequests,
  GiteaPullRequest,
  GiteaRepository,
  GiteaStatus,
  GiteaUser,
} from './schema.ts'

/** Every question Mayfly asks a Gitea or Forgejo, with the token's right it needs: https://docs.gitea.com/development/oauth2-provider#scopes */
export const giteaCalls = {
  me: (): ForgeCall<GiteaUser> => ({
    operation: 'read-own-user',
    purpose: 'read its own user name',
    right: 'read:user',
    method: 'GET',
    path: ['user'],
    schema: GiteaUser,
  }),

  repository: (repository: string): ForgeCall<GiteaRepository> => ({
    operation: 'read-repository',
    purpose: `read the repository ${repository}`,
    right: 'read:repository',
    method: 'GET',
    path: repositoryPath(repository),
    schema: GiteaRepository,
  }),

  pull: (repository: string, number: number): ForgeCall<GiteaPullRequest> => ({
    operation: 'read-merge-request',
    purpose: `read merge request ${number} of ${repository}`,
    right: 'read:repository',
    method: 'GET',
    path: [...repositoryPath(repository), 'pulls', String(number)],
    schema: GiteaPullRequest,
    expected: [404],
  }),

  openPulls: (repository: string): ForgeCall<z.infer<typeof GiteaOpenPullRequests>> => ({
    operation: 'list-merge-requests',
    purpose: `list the merge requests of ${repository} (they may be switched off there)`,
    right: 'read:repository',
    method: 'GET',
    path: [...repositoryPath(repository), 'pulls'],
    query: { state: 'open' },
    schema: GiteaOpenPullRequests,
  }),

  changedFiles: (repository: string, number: number): ForgeCall<GiteaChangedFile[]> => ({
    operation: 'list-changed-files',
    purpose: `list the files that merge request ${number} of ${repository} changes`,
    right: 'read:repository',
    method: 'GET',
    path: [...repositoryPath(repository), 'pulls', String(number), 'files'],
    schema: z.array(GiteaChangedFile),
  }),

  comments: (repository: string, number: number): ForgeCall<GiteaComment[]> => ({
    operation: 'list-comments',
    purpose: `read the comments on merge request ${number} of ${repository}`,
    right: 'read:issue',
    method: 'GET',
    path: [...repositoryPath(repository), 'issues', String(number), 'comments'],
    schema: z.array(GiteaComment),
    expected: [404],
  }),

  createComment: (repository: string, number: number, body: string): ForgeCall<GiteaComment> => ({
    operation: 'create-comment',
    purpose: `comment on merge request ${number} of ${repository}`,
    right: 'write:issue',
    method: 'POST',
    path: [...repositoryPath(repository), 'issues', String(number), 'comments'],
    body: { body },
    schema: GiteaComment,
  }),

  editComment: (repository: string, comment: number, body: string): ForgeCall<GiteaComment> => ({
    operation: 'edit-comment',
    purpose: `edit its comment ${comment} in ${repository}`,
    right: 'write:issue',
    method: 'PATCH',
    path: [...repositoryPath(repository), 'issues', 'comments', String(comment)],
    body: { body },
    schema: GiteaComment,
  }),

  deleteComment: (repository: string, comment: number): ForgeCall<undefined> => ({
    operation: 'delete-comment',
    purpose: `delete its duplicate comment ${comment} in ${repository}`,
    right: 'write:issue',
    method: 'DELETE',
    path: [...repositoryPath(repository), 'issues', 'comments', String(comment)],
    schema: z.undefined(),
    expected: [404],
  }),

  statuses: (repository: string, sha: string): ForgeCall<GiteaStatus[]> => ({
    operation: 'list-statuses',
    purpose: `read the commit statuses of ${sha.slice(0, 7)} in ${repository}`,
    right: 'read:repository',
    method: 'GET',
    path: [...repositoryPath(repository), 'commits', sha, 'statuses'],
    // By their own counter: two of the same second keep their order from page to page.
    query: { sort: 'leastindex' },
    schema: z.array(GiteaStatus),
    expected: [404],
  }),

  createStatus: (repository: string, sha: string, status: CommitStatus): ForgeCall<GiteaStatus> => ({
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

function repositoryPath(repository: string): readonly string[] {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined || name === undefined || /^\.+$/.test(owner) || /^\.+$/.test(name))
    throw new Stalled(
      `${JSON.stringify(repository.slice(0, 200))} is no repository of a Gitea: write it as owner/name.`,
    )
  return ['repos', owner, name]
}
