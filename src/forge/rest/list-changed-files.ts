import { RetryLater, Stalled } from '../../preview/errors.ts'
import { allPages } from '../http/all-pages.ts'
import type { MergeRequestTarget } from '../port.ts'
import type { RestDialect } from './dialect.ts'

/** See the port. The merge request itself counts its files: a list with fewer is not complete. */
export async function listChangedFiles(
  dialect: RestDialect,
  target: MergeRequestTarget,
): Promise<readonly string[]> {
  const place = `merge request ${target.number} of ${target.repository}`
  const counted = await countFiles(dialect, target, place)
  const files = await allPages(
    dialect.http,
    dialect.calls.changedFiles(target),
    // A file that becomes a link is listed twice: as deleted and as new.
    dialect.paging(({ path, formerPath }) => JSON.stringify([path, formerPath]), 'changed files'),
  )
  if (files.kind === 'status') throw files.error
  if (files.value.length < counted)
    throw new RetryLater(
      `${dialect.name} lists ${files.value.length} of the files that ${place} changes, at least ${counted}`,
    )
  const paths = files.value.flatMap(({ path, formerPath }) =>
    formerPath === null ? [path] : [path, formerPath],
  )
  return [...new Set(paths)].sort()
}

/** At least this many; an empty list without a count proves nothing (law 3). @throws Stalled when there are more than it lists. */
async function countFiles(
  { name, http, calls, mostFiles }: RestDialect,
  target: MergeRequestTarget,
  place: string,
): Promise<number> {
  const answer = await http.ask(calls.mergeRequest(target))
  // Gone between two reads: the next look finds out.
  if (answer.kind === 'status') throw new RetryLater(`${name} no longer finds ${place}`)
  const counted = answer.value.changedFiles ?? 1
  if (counted === 'not yet') throw new RetryLater(`${name} has not counted yet what ${place} changes`)
  if (counted !== 'many' && counted <= mostFiles) return counted
  const many = counted === 'many' ? `more files than ${name} counts` : `${counted} files`
  throw new Stalled(
    `${place} changes ${many}: Mayfly reads up to ${mostFiles} from ${name}, so it cannot tell which paths it changes`,
  )
}
