import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import type { ProxiedRequest } from './faulty-forge.ts'

export type Operation =
  | 'read own user'
  | 'read repository'
  | 'list open merge requests'
  | 'read merge request'
  | 'list changed files'
  | 'list comments'
  | 'create comment'
  | 'edit comment'
  | 'list statuses'
  | 'create status'

/** What a request to a forge is about. */
export interface Question {
  readonly operation: Operation
  /** Empty for the own user. */
  readonly repository: string
  /** The number, the comment or the commit that it names; empty: the repository as a whole. */
  readonly about: string
  readonly page: number | null
}

type Row = readonly [operation: Operation, method: string, path: string]

const ofPullRequests: readonly Row[] = [
  ['read own user', 'GET', '/user'],
  ['read repository', 'GET', '/repos/(R)'],
  ['list open merge requests', 'GET', '/repos/(R)/pulls'],
  ['read merge request', 'GET', '/repos/(R)/pulls/(A)'],
  ['list changed files', 'GET', '/repos/(R)/pulls/(A)/files'],
  ['list comments', 'GET', '/repos/(R)/issues/(A)/comments'],
  ['create comment', 'POST', '/repos/(R)/issues/(A)/comments'],
  ['edit comment', 'PATCH', '/repos/(R)/issues/comments/(A)'],
  ['list statuses', 'GET', '/repos/(R)/commits/(A)/statuses'],
  ['create status', 'POST', '/repos/(R)/statuses/(A)'],
]

const ofMergeRequests: readonly Row[] = [
  ['read own user', 'GET', '/user'],
  ['read repository', 'GET', '/projects/(P)'],
  ['list open merge requests', 'GET', '/projects/(P)/merge_requests'],
  ['read merge request', 'GET', '/projects/(P)/merge_requests/(A)'],
  ['list changed files', 'GET', '/projects/(P)/merge_requests/(A)/diffs'],
  ['list comments', 'GET', '/projects/(P)/merge_requests/(A)/notes'],
  ['create comment', 'POST', '/projects/(P)/merge_requests/(A)/notes'],
  ['edit comment', 'PUT', '/projects/(P)/merge_requests/\\d+/notes/(A)'],
  ['list statuses', 'GET', '/projects/(P)/repository/commits/(A)/statuses'],
  ['create status', 'POST', '/projects/(P)/statuses/(A)'],
]

const compiled: Readonly<Record<StandInKind, readonly Compiled[]>> = {
  gitea: ofPullRequests.map(compile),
  github: ofPullRequests.map(compile),
  gitlab: ofMergeRequests.map(compile),
}

interface Compiled {
  readonly operation: Operation
  readonly method: string
  readonly path: RegExp
}

/** Null: about something else, for example a duplicate that is deleted. */
export function questionOf(kind: StandInKind, { method, path, page }: ProxiedRequest): Question | null {
  for (const row of compiled[kind]) {
    const found = row.method === method ? row.path.exec(path) : null
    if (found === null) continue
    const { repository = '', about = '' } = found.groups ?? {}
    return { operation: row.operation, repository: decodeURIComponent(repository), about, page }
  }
  return null
}

function compile([operation, method, path]: Row): Compiled {
  const pattern = path
    .replace('(R)', '(?<repository>[^/]+/[^/]+)')
    .replace('(P)', '(?<repository>[^/]+)')
    .replace('(A)', '(?<about>[0-9a-f]+)')
  return { operation, method, path: new RegExp(`^${pattern}$`) }
}
