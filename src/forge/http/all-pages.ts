import type { FetchHeaders } from '../../network/create-fetch.ts'
import { RetryLater } from '../../preview/errors.ts'
import { type ForgeAnswer, type ForgeCall, type ForgeHttp, placeOf } from './call.ts'

const part = /^\s*<[^<>]*>\s*(?:;\s*[\w-]+\s*=\s*(?:"[^"]*"|[\w-]+)\s*)*$/

export interface Paging<T> {
  /** Query parameter of the page size, and the size to ask for; the forge may give less. */
  readonly limit: { readonly parameter: string; readonly size: number }
  readonly counting: Counting
  /** Tells items apart: an item that comes twice means that the list moved while it was read. */
  readonly idOf: (item: T) => number | string
  /** More pages than this is an error, never a shorter list. */
  readonly maxPages: number
}

/** How a forge says that a list goes on. */
export type Counting =
  /** A header with the number of all items. */
  | { readonly kind: 'count'; readonly header: string }
  /** The body of every page (`CountedItems`). */
  | { readonly kind: 'body' }
  /** The `Link` header alone; where it is missing, a full page might be followed by another. */
  | { readonly kind: 'link' }
  /**
   * A header with the next page's number, empty on the last one; and the number of all items, left out for long lists.
   * A null count: the forge counts items that it does not show.
   */
  | { readonly kind: 'next-page'; readonly header: string; readonly count: string | null }

/** A page that says itself how many items there are in all. */
export interface CountedItems<T> {
  readonly items: readonly T[]
  readonly total: number
}

type PageCall<T> = ForgeCall<T[] | CountedItems<T>>

/** One page as the walk sees it. `total` is null where the forge does not count. */
interface Page<T> {
  readonly items: readonly T[]
  readonly total: number | null
  readonly next: 'yes' | 'no' | 'maybe'
  /** Whether items that were counted may be left out of their page. */
  readonly hides: boolean
}

/**
 * Every item of a paged list, or an error (law 4). Pages are numbered by us: a URL in a `Link` header is only evidence that
 * there is more, it is never followed. An expected status of the first page is handed back.
 */
export async function allPages<T>(
  http: ForgeHttp,
  call: PageCall<T>,
  paging: Paging<T>,
): Promise<ForgeAnswer<T[]>> {
  try {
    return await readPages(http, call, paging)
  } catch (error) {
    const { limit, maxPages } = paging
    if (!(error instanceof RetryLater) || !error.tooLarge || limit.size === 1) throw error
    // Long descriptions: the same list in smaller pages, from its beginning, as pages are counted by their size.
    const size = Math.max(1, Math.floor(limit.size / 4))
    const more = { limit: { ...limit, size }, maxPages: maxPages * Math.ceil(limit.size / size) }
    return await allPages(http, call, { ...paging, ...more })
  }
}

async function readPages<T>(
  http: ForgeHttp,
  call: PageCall<T>,
  paging: Paging<T>,
): Promise<ForgeAnswer<T[]>> {
  const seen = new Map<number | string, T>()
  let before: Page<T> | null = null
  for (let number = 1; number <= paging.maxPages; number++) {
    const answer = await http.ask(pageCall(call, paging, number))
    if (answer.kind === 'status' && number === 1) return answer
    if (answer.kind === 'status') throw broken(call, number, `it answered ${answer.status}`)
    const page = pageOf(answer.value, answer.headers, paging)
    if (page === null) throw broken(call, number, 'it does not say how many there are in all')
    if (before !== null && page.total !== before.total)
      throw broken(call, number, 'the list changed while it was read')
    collect(seen, page, paging, (what) => broken(call, number, what))
    if (isLast(seen.size, page, before)) return { ...answer, value: [...seen.values()] }
    if (page.items.length === 0 && !page.hides)
      throw broken(call, number, `it is empty though ${page.total ?? 'more'} were announced`)
    before = page
  }
  throw new RetryLater(`${placeOf(call)} has more than ${paging.maxPages} pages: Mayfly reads all or nothing`)
}

function pageCall<T>(call: PageCall<T>, { limit }: Paging<T>, page: number): PageCall<T> {
  return { ...call, query: { ...call.query, page, [limit.parameter]: limit.size } }
}

function pageOf<T>(
  value: readonly T[] | CountedItems<T>,
  headers: FetchHeaders,
  { counting, limit }: Paging<T>,
): Page<T> | null {
  const { items, total: counted } = isCounted(value) ? value : { items: value, total: null }
  const linked = hasNextPage(headers.get('link'))
  switch (counting.kind) {
    case 'body':
      return counted === null
        ? null
        : { items, total: counted, next: linked === true ? 'yes' : 'no', hides: false }
    case 'count': {
      const total = countOf(headers.get(counting.header))
      return total === null ? null : { items, total, next: linked === true ? 'yes' : 'no', hides: false }
    }
    case 'link': {
      if (linked === null) return null
      const unsure = items.length >= limit.size ? 'maybe' : 'no'
      return { items, total: null, next: linked ? 'yes' : unsure, hides: false }
    }
    case 'next-page': {
      const next = headers.get(counting.header)
      const total = counting.count === null ? null : countOf(headers.get(counting.count))
      if (next === null || !/^\d{0,9}$/.test(next)) return null
      return { items, total, next: next === '' ? 'no' : 'yes', hides: counting.count === null }
    }
  }
}

function isCounted<T>(value: readonly T[] | CountedItems<T>): value is CountedItems<T> {
  return 'total' in value
}

function countOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function collect<T>(
  seen: Map<number | string, T>,
  page: Page<T>,
  { idOf }: Paging<T>,
  error: (what: string) => Error,
): void {
  for (const item of page.items) {
    const id = idOf(item)
    if (seen.has(id)) throw error('it repeats an item: the list moved while it was read')
    seen.set(id, item)
  }
  if (page.total !== null && (seen.size > page.total || (seen.size === page.total && page.next === 'yes')))
    throw error(`it brings more than the ${page.total} that were announced`)
}

function isLast(size: number, page: Page<unknown>, before: Page<unknown> | null): boolean {
  if (page.total !== null) return size === page.total
  if (page.hides) return page.next === 'no'
  return page.next === 'no' && (page.items.length > 0 || before?.next !== 'yes')
}

function broken(call: ForgeCall<unknown>, page: number, what: string): RetryLater {
  return new RetryLater(`The list behind ${placeOf(call)} is not complete: page ${page}: ${what}`)
}

/** Whether a `Link` header (RFC 8288) announces a next page; null when it cannot be read. The URL itself is not looked at. */
function hasNextPage(link: string | null): boolean | null {
  if (link === null || link.trim() === '') return false
  const parts = link.split(/,(?=\s*<)/)
  if (!parts.every((text) => part.test(text))) return null
  return parts.some((text) => /;\s*rel\s*=\s*"?(?:[\w-]+\s+)*next\b/i.test(text))
}
