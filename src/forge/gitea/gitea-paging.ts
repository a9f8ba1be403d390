import type { Paging } from '../http/all-pages.ts'

/**
 * Gitea numbers its pages and counts all items in a header; it caps `limit` as it likes, and some versions give all
 * comments at once. Its `Link` header is built from its own idea of its address, so it is no help behind a proxy.
 */
export function giteaPaging<T>(idOf: (item: T) => number | string): Paging<T> {
  return { limit: { parameter: 'limit', size: 50 }, countHeader: 'x-total-count', idOf, maxPages: 500 }
}
