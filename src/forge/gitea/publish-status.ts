import type { CommitSha } from '../../preview/brand.ts'
import { allPages } from '../http/all-pages.ts'
import type { CommitStatus, StatusResult } from '../port.ts'
import { giteaCalls } from './gitea-calls.ts'
import type { GiteaContext } from './gitea-context.ts'
import { giteaPaging } from './gitea-paging.ts'
import type { GiteaStatus } from './schema.ts'

/** See the port. A commit that its repository no longer has needs no status. */
export async function publishStatus(
  { http }: GiteaContext,
  repository: string,
  sha: CommitSha,
  wanted: CommitStatus,
): Promise<StatusResult> {
  const known = await allPages(
    http,
    giteaCalls.statuses(repository, sha),
    giteaPaging((status) => status.id),
  )
  if (known.kind === 'status') {
    await http.ask(giteaCalls.repository(repository))
    return 'skipped'
  }
  const newest = known.value
    .filter((status) => status.context === wanted.context)
    .reduce<GiteaStatus | null>(
      (best, status) => (best === null || status.id > best.id ? status : best),
      null,
    )
  if (newest !== null && saysTheSame(newest, wanted)) return 'unchanged'
  const set = await http.ask(giteaCalls.createStatus(repository, sha, wanted))
  if (set.kind === 'status') throw set.error
  return 'set'
}

function saysTheSame(status: GiteaStatus, wanted: CommitStatus): boolean {
  return (
    status.status === wanted.state &&
    (status.description ?? '') === wanted.description &&
    (status.target_url ?? '') === (wanted.targetUrl ?? '')
  )
}
