import type { SourceRepository } from '../reconcile/source-repositories.ts'

/** Takes the complete list of open merge requests of a repository; gives those that stood in the one before it. */
export type OpenBefore = (
  source: Pick<SourceRepository, 'forge' | 'repository'>,
  numbers: readonly number[],
) => readonly number[]

/**
 * One that leaves the list without an event may have a comment and a status but no manifest that would tell of it: refused, waiting
 * for something, failed.
 */
export function createOpenBefore(): OpenBefore {
  const lists = new Map<string, readonly number[]>()
  return ({ forge, repository }, numbers) => {
    const source = `${forge}:${repository}`
    const before = lists.get(source) ?? []
    lists.set(source, numbers)
    return before
  }
}
