import { expect, it } from 'vitest'
import { z } from 'zod'
import { allPages, type Paging } from '../../src/forge/http/all-pages.ts'
import type { ForgeAnswer, ForgeCall, ForgeHttp } from '../../src/forge/http/call.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'

const call: ForgeCall<number[]> = {
  operation: 'list-things',
  purpose: 'list the things',
  right: 'read',
  method: 'GET',
  path: ['things'],
  schema: z.array(z.number()),
}
const counted: Paging<number> = {
  limit: { parameter: 'limit', size: 2 },
  counting: { kind: 'count', header: 'x-total-count' },
  idOf: (item) => item,
  maxPages: 4,
}
const linked: Paging<number> = { ...counted, counting: { kind: 'link' } }
const numbered: Paging<number> = {
  ...counted,
  counting: { kind: 'next-page', header: 'x-next-page', count: 'x-total' },
}
const next = '<https://elsewhere.example.com/?page=9>; rel="next"'

interface Page {
  readonly items: readonly number[]
  readonly total?: string
  readonly link?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers page after page; what lies behind the last one is another last one. */
function serve(...pages: readonly Page[]): ForgeHttp & { readonly asked: unknown[] } {
  const asked: unknown[] = []
  return {
    asked,
    ask<T>({ query }: ForgeCall<T>): Promise<ForgeAnswer<T>> {
      asked.push(query)
      const {
        items,
        total,
        link,
        headers: more,
      } = pages[Math.min(asked.length, pages.length) - 1] ?? { items: [] }
      const headers = new Headers({
        ...(total === undefined ? {} : { 'x-total-count': total }),
        ...(link === undefined ? {} : { link }),
        ...more,
      })
      return Promise.resolve({ kind: 'value', value: items as T, headers })
    },
  }
}

it('reads to the count, numbering the pages itself whatever the Link header points to', async () => {
  const http = serve(
    { items: [1, 2], total: '5', link: next },
    { items: [3, 4], total: '5' },
    { items: [5], total: '5' },
  )
  expect(await allPages(http, call, counted)).toMatchObject({ value: [1, 2, 3, 4, 5] })
  expect(http.asked).toEqual([1, 2, 3].map((page) => ({ page, limit: 2 })))
})

it('takes all at once where there are no pages', async () => {
  expect(await allPages(serve({ items: [1, 2, 3, 4, 5], total: '5' }), call, counted)).toMatchObject({
    value: [1, 2, 3, 4, 5],
  })
  expect(await allPages(serve({ items: [], total: '0' }), call, counted)).toMatchObject({ value: [] })
})

it('follows the announcement of a next page where nothing is counted', async () => {
  const http = serve(
    { items: [1, 2], link: `${next}, <https://x.example.com/?page=3>; rel="last"` },
    { items: [3], link: '<https://x.example.com/>; rel="first"' },
  )
  expect(await allPages(http, call, linked)).toMatchObject({ value: [1, 2, 3] })
})

it('law 4: asks once more behind a full page without a Link header: a proxy may have dropped it', async () => {
  expect(await allPages(serve({ items: [1, 2] }, { items: [3] }), call, linked)).toMatchObject({
    value: [1, 2, 3],
  })
  const full = serve({ items: [1, 2] }, { items: [] })
  expect(await allPages(full, call, linked)).toMatchObject({ value: [1, 2] })
  expect(full.asked).toHaveLength(2)
  const short = serve({ items: [1] })
  await allPages(short, call, linked)
  expect(short.asked).toHaveLength(1)
})

it('follows the number of the next page, with or without a count of all', async () => {
  const pages = [
    { items: [1, 2], headers: { 'x-next-page': '2' } },
    { items: [3], headers: { 'x-next-page': '' } },
  ]
  expect(await allPages(serve(...pages), call, numbered)).toMatchObject({ value: [1, 2, 3] })
  const withCount = pages.map(({ items, headers }) => ({ items, headers: { ...headers, 'x-total': '3' } }))
  expect(await allPages(serve(...withCount), call, numbered)).toMatchObject({ value: [1, 2, 3] })
})

it('law 4: reads to the count in the body of every page, and no list without one', async () => {
  const inBody: Paging<number> = { ...counted, counting: { kind: 'body' } }
  const page = (total: number, ...items: number[]) => ({ items: { items, total } as unknown as number[] })
  const http = serve(page(5, 1, 2), page(5, 3, 4), page(5, 5))
  expect(await allPages(http, call, inBody)).toMatchObject({ value: [1, 2, 3, 4, 5] })
  expect(http.asked).toHaveLength(3)
  expect(await allPages(serve(page(0)), call, inBody)).toMatchObject({ value: [] })
  const linkedTo = { ...page(2, 1, 2), link: next }
  for (const pages of [
    [page(5, 1, 2), page(4, 3, 4)],
    [page(5, 1, 2), page(5)],
    [page(1, 1, 2)],
    [page(3, 1, 2), page(3, 2, 3)],
    [linkedTo],
    [{ items: [1, 2] }],
    [{ items: [1, 2], total: '2' }],
  ])
    await expect(allPages(serve(...pages), call, inBody)).rejects.toBeInstanceOf(RetryLater)
})

it('reads past pages without anything to see where items are hidden, to the page that says it is the last', async () => {
  const hiding = { ...numbered, counting: { kind: 'next-page', header: 'x-next-page', count: null } } as const
  const pages = [
    { items: [1], headers: { 'x-next-page': '2', 'x-total': '5' } },
    { items: [], headers: { 'x-next-page': '3', 'x-total': '5' } },
    { items: [2], headers: { 'x-next-page': '4', 'x-total': '5' } },
    { items: [], headers: { 'x-next-page': '', 'x-total': '5' } },
  ]
  expect(await allPages(serve(...pages), call, hiding)).toMatchObject({ value: [1, 2] })
  await expect(allPages(serve({ items: [] }), call, hiding)).rejects.toThrow('how many')
})

it.each<[string, Paging<number>, readonly Page[], string]>([
  ['nothing about a next page', numbered, [{ items: [1] }], 'how many'],
  [
    'a last page with fewer than counted',
    numbered,
    [
      { items: [1], headers: { 'x-next-page': '', 'x-total': '2' } },
      { items: [], headers: { 'x-next-page': '', 'x-total': '2' } },
    ],
    'empty though 2',
  ],
  ['no count', counted, [{ items: [1] }], 'how many'],
  ['a count that is none', counted, [{ items: [1], total: '-1' }], 'how many'],
  [
    'fewer than counted',
    counted,
    [
      { items: [1, 2], total: '3' },
      { items: [], total: '3' },
    ],
    'page 2: it is empty',
  ],
  ['more than counted', counted, [{ items: [1, 2], total: '1' }], 'more than the 1'],
  ['more announced than counted', counted, [{ items: [1, 2], total: '2', link: next }], 'more than the 2'],
  [
    'an item twice',
    counted,
    [
      { items: [1, 2], total: '3' },
      { items: [2], total: '3' },
    ],
    'repeats',
  ],
  [
    'another count on the next page',
    counted,
    [
      { items: [1, 2], total: '4' },
      { items: [4], total: '3' },
    ],
    'changed',
  ],
  ['a Link header that cannot be read', linked, [{ items: [1], link: 'next, please' }], 'page 1'],
  ['an empty page that announces more', linked, [{ items: [], link: next }], 'empty'],
  [
    'more pages than anybody has',
    counted,
    [1, 2, 3, 4].map((n) => ({ items: [n], total: '9' })),
    'more than 4 pages',
  ],
])('law 4: %s is an error', async (_name, paging, pages, words) => {
  await expect(allPages(serve(...pages), call, paging)).rejects.toMatchObject({ name: 'RetryLater' })
  await expect(allPages(serve(...pages), call, paging)).rejects.toThrow(words)
})

it('law 4: a status is an answer on the first page only', async () => {
  const error = new Stalled('not there')
  const missing: ForgeHttp = { ask: () => Promise.resolve({ kind: 'status', status: 404, said: '', error }) }
  expect(await allPages(missing, call, counted)).toMatchObject({ kind: 'status', status: 404, error })
  const first = serve({ items: [1, 2], total: '3' })
  const vanishing: ForgeHttp = {
    ask: (asked) => (first.asked.length === 0 ? first.ask(asked) : missing.ask(asked)),
  }
  await expect(allPages(vanishing, call, counted)).rejects.toMatchObject({ name: 'RetryLater' })
})

it('law 4: a list whose pages are too large is read whole, in smaller pages', async () => {
  const all = Array.from({ length: 300 }, (_, index) => index)
  const sizes: number[] = []
  const http: ForgeHttp = {
    ask<T>({ query = {} }: ForgeCall<T>): Promise<ForgeAnswer<T>> {
      const size = Number(query['limit'])
      const from = (Number(query['page']) - 1) * size
      sizes.push(size)
      const items = all.slice(from, from + size)
      // One of them alone is as long as three dozen others.
      if (items.length + (items.includes(77) ? 36 : 0) > 40)
        return Promise.reject(new RetryLater('too large', { tooLarge: true }))
      const headers = new Headers({ 'x-total-count': String(all.length) })
      return Promise.resolve({ kind: 'value', value: items as T, headers })
    },
  }
  const large = { ...counted, limit: { parameter: 'limit', size: 100 }, maxPages: 4 }
  expect(await allPages(http, call, large)).toMatchObject({ value: all })
  expect([...new Set(sizes)]).toEqual([100, 25, 6, 1])
})

it('one item that is too large by itself is an error, not a shorter list', async () => {
  const http: ForgeHttp = { ask: () => Promise.reject(new RetryLater('too large', { tooLarge: true })) }
  await expect(allPages(http, call, counted)).rejects.toThrow('too large')
})
