import { z } from 'zod'
import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'

/** An organisation owned by `account`, for example `acme`. */
export async function createOrganisation(account: GiteaAccount, name: string): Promise<void> {
  await callGitea(account, 'POST', '/orgs', { username: name })
}

export interface NewRepository {
  /** `owner/name`; the owner is an organisation of `account`. */
  readonly repository: string
  /** Who may push to it beside its owner. */
  readonly writers: readonly GiteaAccount[]
  readonly private?: boolean
}

/** A repository with a README on `main`. */
export async function createRepository(account: GiteaAccount, wanted: NewRepository): Promise<void> {
  const [owner = '', name = ''] = wanted.repository.split('/')
  const options = { name, auto_init: true, default_branch: 'main', private: wanted.private ?? false }
  await callGitea(account, 'POST', `/orgs/${owner}/repos`, options)
  for (const writer of wanted.writers) await addCollaborator(account, wanted.repository, writer, 'write')
}

export async function addCollaborator(
  account: GiteaAccount,
  repository: string,
  who: GiteaAccount,
  permission: 'read' | 'write' | 'admin',
): Promise<void> {
  await callGitea(account, 'PUT', `/repos/${repository}/collaborators/${who.login}`, { permission })
}

/** Old addresses answer 301 from now on. */
export async function renameRepository(
  account: GiteaAccount,
  repository: string,
  name: string,
): Promise<void> {
  await callGitea(account, 'PATCH', `/repos/${repository}`, { name })
}

/** A copy under the account's own name; gives its `owner/name`. */
export async function forkRepository(account: GiteaAccount, repository: string): Promise<string> {
  const fork = await callGitea(account, 'POST', `/repos/${repository}/forks`, {})
  return z.object({ full_name: z.string() }).parse(fork).full_name
}

export interface Push {
  readonly branch: string
  /** Where the branch begins, when it does not exist yet. */
  readonly from?: string
  /** Text by path; null removes a file. */
  readonly files: Readonly<Record<string, string | null>>
}

/** One commit by `account`; gives its id. */
export async function pushFiles(account: GiteaAccount, repository: string, push: Push): Promise<string> {
  const files = await Promise.all(
    Object.entries(push.files).map(async ([path, text]) => {
      const sha = await blobAt(account, repository, push.from ?? push.branch, path)
      const content = Buffer.from(text ?? '').toString('base64')
      return { operation: text === null ? 'delete' : writing(sha), path, sha, content }
    }),
  )
  const start =
    push.from === undefined ? { branch: push.branch } : { branch: push.from, new_branch: push.branch }
  const answer = await callGitea(account, 'POST', `/repos/${repository}/contents`, {
    ...start,
    files,
    message: 'Change files',
  })
  return z.object({ commit: z.object({ sha: z.string() }) }).parse(answer).commit.sha
}

function writing(sha: string | undefined): 'create' | 'update' {
  return sha === undefined ? 'create' : 'update'
}

async function blobAt(
  account: GiteaAccount,
  repository: string,
  branch: string,
  path: string,
): Promise<string | undefined> {
  const folder = path.split('/').slice(0, -1).join('/')
  const address = `/repos/${repository}/contents/${folder}?ref=${encodeURIComponent(branch)}`
  const listing = await callGitea(account, 'GET', address).catch(() => [])
  const entries = z.array(z.object({ path: z.string(), sha: z.string() })).parse(listing)
  return entries.find((entry) => entry.path === path)?.sha
}

/** The text of a file, undefined when there is none. */
export async function readFile(
  account: GiteaAccount,
  repository: string,
  branch: string,
  path: string,
): Promise<string | undefined> {
  const address = `/api/v1/repos/${repository}/raw/${path}?ref=${encodeURIComponent(branch)}`
  const answer = await fetch(account.url + address, { headers: { authorization: `token ${account.token}` } })
  if (answer.status === 404) return undefined
  if (!answer.ok) throw new Error(`GET ${address}: ${answer.status}`)
  return await answer.text()
}
