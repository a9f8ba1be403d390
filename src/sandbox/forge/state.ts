import type { CommitSha } from '../../preview/brand.ts'

/** All that the embedded forge knows; it lives in memory and ends with the process. No forge's words. */
export interface ForgeState {
  readonly users: readonly SandboxUser[]
  readonly repositories: SandboxRepository[]
  nextId: number
}

export interface SandboxUser {
  readonly id: number
  readonly login: string
  readonly fullName: string
  /** Empty: nobody comes in with it. */
  readonly token: string
  /** `ghost`: an account that is gone. */
  readonly kind: 'user' | 'bot' | 'ghost'
}

/** What a user, and so their token, may do; without `read` a repository does not exist for them. */
export type SandboxRight = 'read' | 'comment' | 'status' | 'checks'

/** What a user may do in the eyes of others who ask the forge. */
export type SandboxPermission = 'admin' | 'write' | 'read' | 'none'

export interface SandboxRepository {
  readonly id: number
  /** `owner/name` of today; more parts where a forge has subgroups. */
  fullName: string
  /** Names it had before: they answer with a redirect. */
  readonly formerNames: string[]
  readonly mergeRequests: SandboxMergeRequest[]
  readonly statuses: SandboxStatus[]
  /** What CI says of commits beside statuses. */
  readonly checks: SandboxCheck[]
  /** False hides every merge request behind a 404, as a real Gitea does. */
  mergeRequestsEnabled: boolean
  /** Whether anybody may read it. */
  isPublic: boolean
  /** By login; who is not in it may do everything. */
  readonly rights: Map<string, readonly SandboxRight[]>
  /** By login in lower case; see `permissionOn` for who is not in it. */
  readonly permissions: Map<string, SandboxPermission>
}

export interface SandboxMergeRequest {
  readonly number: number
  readonly author: SandboxUser
  title: string
  body: string
  state: 'open' | 'closed' | 'merged'
  /** Only where a draft is a field of its own; elsewhere the title says it (`Dialect.drafts`). */
  draft: boolean
  branch: string
  branchDeleted: boolean
  targetBranch: string
  /** Every commit its branch ever pointed to, the newest last. */
  readonly commits: CommitSha[]
  /** What it changes against its target. */
  files: readonly SandboxFile[]
  labels: string[]
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
  /** Both grow with ids, and stand for times; null: never. */
  editedAt: number | null
  reactedAt: number | null
  reactions: readonly SandboxReaction[]
}

export interface SandboxReaction {
  readonly id: number
  readonly user: SandboxUser
  /** The forge's own, for example `eyes`. */
  readonly word: string
}

export interface SandboxStatus {
  readonly id: number
  readonly sha: string
  readonly context: string
  /** GitHub's and Gitea's words: `pending`, `success`, `failure`, `error`. */
  readonly state: string
  readonly description: string
  readonly targetUrl: string
  /** Whether what it belongs to passes without it; absent: no. */
  readonly allowFailure?: boolean
}

/** A word of CI about a commit, in the words of the forge that has such a thing. */
export interface SandboxCheck {
  readonly id: number
  readonly sha: string
  readonly kind: 'status' | 'check run' | 'pipeline'
  readonly name: string
  readonly state: string
  readonly description: string
  readonly url: string
}

export function emptyRepository(id: number, fullName: string): SandboxRepository {
  return {
    id,
    fullName,
    formerNames: [],
    mergeRequests: [],
    statuses: [],
    checks: [],
    mergeRequestsEnabled: true,
    isPublic: false,
    rights: new Map(),
    permissions: new Map(),
  }
}

export function may(repository: SandboxRepository, { login }: SandboxUser, right: SandboxRight): boolean {
  return repository.rights.get(login)?.includes(right) ?? true
}

/** What was said by `permit`; else the owner is an administrator, and who pushed a branch here may write. */
export function permissionOn(repository: SandboxRepository, login: string): SandboxPermission {
  const same = (other: string | undefined) => other?.toLowerCase() === login.toLowerCase()
  const said = repository.permissions.get(login.toLowerCase())
  if (said !== undefined) return said
  if (same(repository.fullName.split('/')[0])) return 'admin'
  const pushed = repository.mergeRequests.some(
    ({ author, source }) => source === 'same repository' && same(author.login),
  )
  return pushed ? 'write' : 'read'
}

/** The newest commit of a merge request. */
export function headOf(mergeRequest: SandboxMergeRequest): CommitSha {
  const head = mergeRequest.commits.at(-1)
  if (head === undefined) throw new RangeError(`merge request ${mergeRequest.number} has no commit`)
  return head
}

/** Whether some merge request ever had this commit: the forge knows no other ones. */
export function hasCommit({ mergeRequests }: SandboxRepository, sha: string): boolean {
  return mergeRequests.some(({ commits }) => commits.some((commit) => commit === sha))
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
export function mergeRequestByNumber(repository: SandboxRepository, number: number): SandboxMergeRequest {
  const found = repository.mergeRequests.find((mergeRequest) => mergeRequest.number === number)
  if (found === undefined) throw new RangeError(`${repository.fullName} has no merge request ${number}`)
  return found
}
