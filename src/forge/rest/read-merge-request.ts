import { RetryLater } from '../../preview/errors.ts'
import type { MergeRequestReading, Repository } from '../../preview/merge-request.ts'
import { allPages } from '../http/all-pages.ts'
import type { MergeRequestTarget, OpenMergeRequests } from '../port.ts'
import type { RestDialect } from './dialect.ts'

/** See the port. */
export async function readMergeRequest(
  dialect: RestDialect,
  target: MergeRequestTarget,
): Promise<MergeRequestReading> {
  const answer = await dialect.http.ask(dialect.calls.mergeRequest(target))
  if (answer.kind === 'status') return { kind: 'gone', repository: await witness(dialect, target) }
  const { mergeRequest } = answer.value
  if (mergeRequest.number !== target.number)
    throw new RetryLater(
      `${dialect.name} answered with merge request ${mergeRequest.number} when asked for ${target.number} of ${target.repository}`,
    )
  return { kind: 'found', mergeRequest }
}

/**
 * Proof that a 404 on one merge request is about that merge request. The repository alone is no witness: a forge answers
 * 404 for every merge request when they are switched off or hidden from this token, but then their list is refused as well.
 */
async function witness(
  dialect: RestDialect,
  { repository, number }: MergeRequestTarget,
): Promise<Repository> {
  const open = await listOpenMergeRequests(dialect, repository)
  if (!open.numbers.includes(number)) return open.repository
  throw new RetryLater(
    `${dialect.name} lists merge request ${number} of ${repository} as open, yet does not find it`,
  )
}

/** See the port. */
export async function listOpenMergeRequests(
  { http, calls, paging }: RestDialect,
  name: string,
): Promise<OpenMergeRequests> {
  const repository = await http.ask(calls.repository(name))
  if (repository.kind === 'status') throw repository.error
  const open = await allPages(
    http,
    calls.openMergeRequests(name),
    paging((number) => number, 'merge requests'),
  )
  if (open.kind === 'status') throw open.error
  return { repository: repository.value, numbers: open.value }
}
