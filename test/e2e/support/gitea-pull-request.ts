import { z } from 'zod'
import { eventually } from '../../support/eventually.ts'
import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'
import { listGitea } from './list-gitea.ts'

const pullRequest = z.object({
  number: z.number(),
  state: z.string(),
  merged: z.boolean(),
  mergeable: z.boolean(),
  head: z.object({ sha: z.string() }),
})
type PullRequest = z.infer<typeof pullRequest>

export interface NewPullRequest {
  /** A branch, or `owner:branch` of a fork. */
  readonly head: string
  readonly base?: string
  readonly title?: string
}

/** Gives its number. */
export async function openPullRequest(
  account: GiteaAccount,
  repository: string,
  wanted: NewPullRequest,
): Promise<number> {
  const body = { base: 'main', title: `Merge ${wanted.head}`, ...wanted }
  return pullRequest.parse(await callGitea(account, 'POST', `/repos/${repository}/pulls`, body)).number
}

async function readPullRequest(
  account: GiteaAccount,
  repository: string,
  number: number,
): Promise<PullRequest> {
  return pullRequest.parse(await callGitea(account, 'GET', `/repos/${repository}/pulls/${number}`))
}

/** Gitea takes a push into its merge requests in the background: until then this waits. */
export async function untilHeadIs(
  account: GiteaAccount,
  repository: string,
  number: number,
  sha: string,
): Promise<void> {
  await eventually(async () => (await readPullRequest(account, repository, number)).head.sha === sha, {
    withinMs: 20_000,
  })
}

/** Closes, reopens, retitles or retargets it: only what is given changes. */
export async function editPullRequest(
  account: GiteaAccount,
  repository: string,
  number: number,
  changes: { readonly state?: 'open' | 'closed'; readonly title?: string; readonly base?: string },
): Promise<void> {
  await callGitea(account, 'PATCH', `/repos/${repository}/pulls/${number}`, changes)
}

/** Gitea first finds out in the background whether it can be merged: until then this waits. */
export async function mergePullRequest(
  account: GiteaAccount,
  repository: string,
  number: number,
): Promise<void> {
  const merge = () =>
    callGitea(account, 'POST', `/repos/${repository}/pulls/${number}/merge`, { Do: 'merge' })
  await eventually(async () => (await readPullRequest(account, repository, number)).mergeable, {
    withinMs: 20_000,
  })
  await eventually(async () => merge().then(() => true), { withinMs: 20_000, everyMs: 200 })
}

/** The labels it has from now on; the repository gets those that it does not know. */
export async function setLabels(
  account: GiteaAccount,
  repository: string,
  number: number,
  names: readonly string[],
): Promise<void> {
  const known = await listGitea(account, `/repos/${repository}/labels`, z.object({ name: z.string() }))
  for (const name of names.filter((wanted) => !known.some((label) => label.name === wanted)))
    await callGitea(account, 'POST', `/repos/${repository}/labels`, { name, color: '#00aabb' })
  await callGitea(account, 'PUT', `/repos/${repository}/issues/${number}/labels`, { labels: names })
}

/** Nobody but its writers may comment from now on. */
export async function lockConversation(
  account: GiteaAccount,
  repository: string,
  number: number,
): Promise<void> {
  await callGitea(account, 'PUT', `/repos/${repository}/issues/${number}/lock`, { lock_reason: 'resolved' })
}

const comment = z.object({ id: z.number(), body: z.string(), user: z.object({ login: z.string() }) })
export type Comment = z.infer<typeof comment>

/** Oldest first. */
export async function readComments(
  account: GiteaAccount,
  repository: string,
  number: number,
): Promise<Comment[]> {
  return z
    .array(comment)
    .parse(await callGitea(account, 'GET', `/repos/${repository}/issues/${number}/comments`))
}

/** Gives its id. */
export async function addComment(
  account: GiteaAccount,
  repository: string,
  number: number,
  body: string,
): Promise<number> {
  return comment.parse(
    await callGitea(account, 'POST', `/repos/${repository}/issues/${number}/comments`, { body }),
  ).id
}

export async function deleteComment(account: GiteaAccount, repository: string, id: number): Promise<void> {
  await callGitea(account, 'DELETE', `/repos/${repository}/issues/comments/${id}`)
}

const commitStatus = z.object({
  id: z.number(),
  context: z.string(),
  status: z.string(),
  description: z.string(),
  target_url: z.string(),
})
export type GiteaCommitStatus = z.infer<typeof commitStatus>

/** All statuses ever set, oldest first. */
export async function readStatuses(
  account: GiteaAccount,
  repository: string,
  sha: string,
): Promise<GiteaCommitStatus[]> {
  const statuses = await listGitea(account, `/repos/${repository}/commits/${sha}/statuses`, commitStatus)
  return statuses.sort((one, other) => one.id - other.id)
}
