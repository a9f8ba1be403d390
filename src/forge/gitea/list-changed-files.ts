import { RetryLater, Stalled } from '../../preview/errors.ts'
import { allPages } from '../http/all-pages.ts'
import { giteaCalls } from './gitea-calls.ts'
import type { GiteaContext } from './gitea-context.ts'
import { giteaPaging } from './gitea-paging.ts'
import type { GiteaChangedFile } from './schema.ts'

/** Gitea makes the whole diff again for every page of it: a list longer than this would be a burden to it. */
const mostFiles = 3000

/** See the port. The merge request itself counts its files: a list with fewer is not complete. */
export async function listChangedFiles(
  context: GiteaContext,
  repository: string,
  number: number,
): Promise<readonly string[]> {
  const place = `merge request ${number} of ${repository}`
  const counted = await countFiles(context, repository, number, place)
  if (counted > mostFiles)
    throw new Stalled(
      `${place} changes ${counted} files: Mayfly reads up to ${mostFiles} from ${context.name}, so it cannot tell which paths it changes`,
    )
  const call = giteaCalls.changedFiles(repository, number)
  const files = await allPages(
    context.http,
    call,
    giteaPaging((file: GiteaChangedFile) => file.filename),
  )
  if (files.kind === 'status') throw files.error
  if (files.value.length < counted)
    throw new RetryLater(
      `${context.name} lists ${files.value.length} of the ${counted} files that ${place} changes`,
    )
  return [...new Set(files.value.flatMap((file) => pathsOf(file, place)))].sort()
}

/** 0 where this version does not count; gone between two reads is for the next look to find out. */
async function countFiles(
  { name, http }: GiteaContext,
  repository: string,
  number: number,
  place: string,
): Promise<number> {
  const answer = await http.ask(giteaCalls.pull(repository, number))
  if (answer.kind === 'status') throw new RetryLater(`${name} no longer finds ${place}`)
  return answer.value.changed_files ?? 0
}

/** Some versions call a file renamed and leave out its former name: half a list. */
function pathsOf({ filename, status, previous_filename: former }: GiteaChangedFile, place: string): string[] {
  const known = former ?? ''
  if (status === 'renamed' && known === '')
    throw new Stalled(
      `The forge does not say the former name of a file that ${place} renames: a newer version of it does`,
    )
  return known === '' ? [filename] : [filename, known]
}
