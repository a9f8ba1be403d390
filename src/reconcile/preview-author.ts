import type { MergeRequest } from '../preview/merge-request.ts'

/** Whom a preview counts for, as its manifest says it: logins are unlike only on one forge. */
export function authorOf(forge: string, { author }: Pick<MergeRequest, 'author'>): string {
  return `${forge}/${encodeURIComponent(author.login.toLowerCase())}`
}
