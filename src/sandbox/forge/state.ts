import type { CommitSha } from '../../preview/brand.ts'

/** All that the embedded forge knows; it lives in memory and ends with the process. */
export interface ForgeState {
  readonly users: readonly SandboxUser[]
  readonly repositories: SandboxRepository[]
  nextId: number
}

export interface SandboxUser {
  readonly id: number
  readonly login: string
  readonly fullName: string
  readonly token: string
}

export interface SandboxRepository {
  readonly id: number
  /** `owner/name` of today. */
  fullName: string
  /** Names it had before: they answer with a redirect. */
  readonly formerNames: string[]
  readonly mergeRequests: SandboxMergeRequest[]
  readonly statuses: SandboxStatus[]
  /** False hides every merge request behind a 404, as a real Gitea does. */
  mergeRequestsEnabled: boolean
}

export interface SandboxMergeRequest {
  readonly number: number
  readonly author: SandboxUser
  title: string
  body: string
  state: 'open' | 'closed' | 'merged'
  branch: string
  branchDeleted: boolean
  targetBranch: string
  /** Every commit its branch ever pointed to, the newest last. */
  readonly commits: CommitSha[]
  labels: string[]
  /** What it changes. */
  files: readonly SandboxFile[]
  locked: boolean
  source: 'same repository' | 'fork' | 'deleted fork' | 'agit'
  comments: SandboxComment[]
}

export interface SandboxFile {
  readonly path: string
  /** The former path of a renamed file. */
  readonly previousPath: string | null
}

export interface SandboxComment {
  readonly id: number
  readonly author: SandboxUser
  body: string
}

export interface SandboxStatus {
  readonly id: number
  readonly sha: string
  readonly context: string
  readonly state: string
  readonly description: string
  readonly targetUrl: string
}

/** The newest commit of a merge request. */
export function headOf(mergeRequest: SandboxMergeRequest): CommitSha {
  const head = mergeRequest.commits.at(-1)
  if (head === undefined) throw new RangeError(`merge request ${mergeRequest.number} has no commit`)
  return head
}

/** @throws RangeError when there is none of that name (names of the past count too). */
export function repositoryNamed(state: ForgeState, fullName: string): SandboxRepository {
  const found = findRepository(state, fullName)
  if (found === undefined) throw new RangeError(`the sandbox forge has no repository ${fullName}`)
  return found
}

export function findRepository(state: ForgeState, fullName: string): SandboxRepository | undefined {
  const same = (name: string) => name.toLowerCase() === fullName.toLowerCase()
  return (
    state.repositories.find((repository) => same(repository.fullName)) ??
    state.repositories.find((repository) => repository.formerNames.some(same))
  )
}

/** @throws RangeError when there is no such merge request. */
export function mergeRequestOf(repository: SandboxRepository, number: number): SandboxMergeRequest {
  const found = repository.mergeRequests.find((mergeRequest) => mergeRequest.number === number)
  if (found === undefined) throw new RangeError(`${repository.fullName} has no merge request ${number}`)
  return found
}
