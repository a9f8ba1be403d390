import type { CommitSha } from '../../preview/brand.ts'
import { allPages } from '../http/all-pages.ts'
import type { CommitStatus, StatusResult } from '../port.ts'
import type { PostedStatus, RestDialect } from './dialect.ts'

/** See the port. A commit that its repository no longer has needs no status. */
export async function publishStatus(
  dialect: RestDialect,
  { repository, sha, wanted, before }: Omit<StatusWish, 'newest'> & { readonly before: 'ask' | 'blocking' },
): Promise<StatusResult> {
  const { http, calls, paging } = dialect
  const known = await allPages(
    http,
    calls.statuses(repository, sha, wanted.context),
    paging(({ id }) => id, 'statuses'),
  )
  if (known.kind === 'status') {
    await http.ask(calls.repository(repository))
    return 'skipped'
  }
  const newest = newestOf(known.value, wanted.context)
  if (newest !== null && saysTheSame(newest, wanted)) return 'unchanged'
  if (before === 'blocking' && (newest === null || newest.state === 'success')) return 'skipped'
  return setStatus(dialect, { repository, sha, wanted, newest })
}

export interface StatusWish {
  readonly repository: string
  readonly sha: CommitSha
  readonly wanted: CommitStatus
  /** The one that stands; null: none. */
  readonly newest: PostedStatus | null
}

export async function setStatus(
  { http, calls, readRefusedStatus }: RestDialect,
  { repository, sha, wanted, newest }: StatusWish,
): Promise<StatusResult> {
  const set = await http.ask(calls.createStatus(repository, sha, wanted, newest))
  if (set.kind === 'value') return 'set'
  const meaning = readRefusedStatus(set)
  if (meaning === null) throw set.error
  return meaning
}

function newestOf(statuses: readonly PostedStatus[], context: string): PostedStatus | null {
  return statuses
    .filter((status) => status.context === context)
    .reduce<PostedStatus | null>(
      (best, status) => (best === null || status.id > best.id ? status : best),
      null,
    )
}

function saysTheSame(status: PostedStatus, wanted: CommitStatus): boolean {
  return (
    status.state === wanted.state &&
    status.description === wanted.description &&
    status.targetUrl === (wanted.targetUrl ?? '')
  )
}
