import { RetryLater } from '../../preview/errors.ts'
import { type ForgeAnswer, type ForgeCall, type ForgeHttp, placeOf } from './call.ts'
import { hasNextPage } from './has-next-page.ts'

export interface Paging<T> {
  /** Query parameter of the page size, and the size to ask for; the forge may give less. */
  readonly limit: { readonly parameter: string; readonly size: number }
  /** The header that says how many items there are in all; null for a forge that does not count (then `Link` decides). */
  readonly countHeader: string | null
  /** Tells items apart: an item that comes twice means that the list moved while it was read. */
  readonly idOf: (item: T) => number
  /** More pages than this is an error, never a shorter list. */
  readonly maxPages: number
}

/** One page as the walk sees it. `total` is null where the forge does not count. */
interface Page<T> {
  readonly items: readonly T[]
  readonly total: number | null
  readonly next: boolean
}

/**
 * Every item of a paged list, or an error (law 4). Pages are numbered by us: a URL in a `Link` header is only evidence that
 * there is more, it is never followed. An expected status of the first page is handed back.
 */
export async function allPages<T>(
  http: ForgeHttp,
  call: ForgeCall<T[]>,
  paging: Paging<T>,
): Promise<ForgeAnswer<T[]>> {
  const seen = new Map<number, T>()
  let announced: number | null = null
  for (let number = 1; number <= paging.maxPages; number++) {
    const answer = await http.ask(pageCall(call, paging, number))
    if (answer.kind === 'status' && number === 1) return answer
    if (answer.kind === 'status') throw broken(call, number, `it answered ${answer.status}`)
    const page = pageOf(answer.value, answer.headers, paging)
    if (page === null) throw broken(call, number, 'it does not say how many there are in all')
    if (number > 1 && page.total !== announced)
      throw broken(call, number, 'the list changed while it was read')
    announced = page.total
    collect(seen, page, paging, (what) => broken(call, number, what))
    if (isLast(seen.size, page)) return { kind: 'value', value: [...seen.values()], headers: answer.headers }
    if (page.items.length === 0)
      throw broken(call, number, `it is empty though ${page.total ?? 'more'} were announced`)
  }
  throw new RetryLater(`${placeOf(call)} has more than ${paging.maxPages} pages: Mayfly reads all or nothing`)
}

function pageCall<T>(call: ForgeCall<T[]>, { limit }: Paging<T>, page: number): ForgeCall<T[]> {
  return { ...call, query: { ...call.query, page, [limit.parameter]: limit.size } }
}

function pageOf<T>(items: readonly T[], headers: Headers, { countHeader }: Paging<T>): Page<T> | null {
  const next = hasNextPage(headers.get('link'))
  if (countHeader === null) return next === null ? null : { items, total: null, next }
  const counted = headers.get(countHeader)
  if (counted === null || !/^\d{1,9}$/.test(counted)) return null
  return { items, total: Number(counted), next: next === true }
}

function collect<T>(
  seen: Map<number, T>,
  page: Page<T>,
  { idOf }: Paging<T>,
  error: (what: string) => Error,
): void {
  for (const item of page.items) {
    const id = idOf(item)
    if (seen.has(id)) throw error('it repeats an item: the list moved while it was read')
    seen.set(id, item)
  }
  if (page.total !== null && (seen.size > page.total || (seen.size === page.total && page.next)))
    throw error(`it brings more than the ${page.total} that were announced`)
}

function isLast(size: number, page: Page<unknown>): boolean {
  return page.total === null ? !page.next : size === page.total
}

function broken(call: ForgeCall<unknown>, page: number, what: string): RetryLater {
  return new RetryLater(`The list behind ${placeOf(call)} is not complete: page ${page}: ${what}`)
}
