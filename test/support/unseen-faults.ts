import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import type { Fault } from './faults.ts'
import type { TestedRequest } from './forge-requests.ts'

/**
 * Faults that nothing in the answer tells, by what a forge says about its lists. What they cost is that a list is shorter
 * or as it was; none of them alone can make a merge request gone or its files others.
 */
export function isUnseen(kind: StandInKind, { list, spared }: TestedRequest, fault: Fault): boolean {
  if (list === null) return false
  switch (kind) {
    case 'gitea':
      // It counts: links are not needed.
      return fault === 'broken Link'
    case 'gitlab':
      // It says the next page's number: links are not needed. Its count of comments is none of those it shows.
      if (fault === 'broken Link') return true
      return list.of === 'list comments' && (fault === 'lost items' || fault === 'count of another list')
    case 'github':
      // Asked for the second time: that nothing changed is an answer, however wrong.
      if (fault === '304 unasked') return spared > 0
      return isUnseenOnGithub(list, fault)
  }
}

/** It never counts: a page with a link to the next is all there is to go by. But a merge request counts its files. */
function isUnseenOnGithub({ of, page, last }: NonNullable<TestedRequest['list']>, fault: Fault): boolean {
  const areFiles = of === 'list changed files'
  if (fault === 'empty list with 200') return page === 1 && !areFiles
  if (fault === 'lost items') return !areFiles && (page < last || last === 1)
  if (fault === 'no count') return !areFiles || page === last
  // It announces a page that is there anyway.
  return fault === 'count of another list' && page < last
}
