import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import type { GitlabContext } from './gitlab-route.ts'

const usualSize = 20
const mostItems = 100

/** One page by its offset: https://docs.gitlab.com/api/rest/#offset-based-pagination */
export function paged<Item>(
  request: ForgeRequest,
  context: GitlabContext,
  items: readonly Item[],
  payloadOf: (item: Item) => object,
): ForgeReply {
  const wanted = Number(request.query.get('per_page') ?? usualSize)
  const size = Math.min(wanted, request.pageLimit, mostItems)
  const page = Number(request.query.get('page') ?? 1)
  const pages = Math.max(Math.ceil(items.length / size), 1)
  const counted = items.length <= context.countLimit
  return {
    status: 200,
    body: items.slice((page - 1) * size, page * size).map(payloadOf),
    headers: {
      link: linkHeader(request, context, { page, pages, size, counted }),
      'x-page': String(page),
      'x-per-page': String(size),
      'x-prev-page': page > 1 ? String(page - 1) : '',
      'x-next-page': page < pages ? String(page + 1) : '',
      ...(counted ? { 'x-total': String(items.length), 'x-total-pages': String(pages) } : {}),
    },
  }
}

function linkHeader(
  request: ForgeRequest,
  context: GitlabContext,
  list: { readonly page: number; readonly pages: number; readonly size: number; readonly counted: boolean },
): string {
  const to = (page: number, rel: string) => {
    const query = new URLSearchParams(request.query)
    query.set('page', String(page))
    query.set('per_page', String(list.size))
    return `<${context.api(request)}${request.path}?${query.toString()}>; rel="${rel}"`
  }
  const { page, pages, counted } = list
  return [
    ...(page > 1 ? [to(page - 1, 'prev')] : []),
    ...(page < pages ? [to(page + 1, 'next')] : []),
    to(1, 'first'),
    ...(counted ? [to(pages, 'last')] : []),
  ].join(', ')
}
