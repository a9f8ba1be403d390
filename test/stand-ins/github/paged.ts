import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'

const usualSize = 30
const mostItems = 100

/**
 * One page, with the links of RFC 8288 that GitHub sets: never a count, and no header at all when everything fits. The
 * addresses are those of the API that was asked, below `/repositories/<id>`.
 */
export function paged<Item>(
  request: ForgeRequest,
  api: string,
  items: readonly Item[],
  payloadOf: (item: Item) => object,
): ForgeReply {
  const wanted = Number(request.query.get('per_page') ?? usualSize)
  const size = Math.min(wanted > 0 ? wanted : usualSize, request.pageLimit, mostItems)
  const page = Math.max(Number(request.query.get('page') ?? 1), 1)
  const last = Math.max(Math.ceil(items.length / size), 1)
  const link = linkHeader(request, api, { page, last })
  return {
    status: 200,
    body: items.slice((page - 1) * size, page * size).map(payloadOf),
    headers: link === '' ? {} : { link },
  }
}

function linkHeader(
  { path, query, repository }: ForgeRequest,
  api: string,
  { page, last }: { readonly page: number; readonly last: number },
): string {
  const rest = path.replace(/^\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+)/, '')
  const to = (number: number, rel: string) => {
    const there = new URLSearchParams(query)
    there.set('page', String(number))
    return `<${api}/repositories/${repository.id}${rest}?${there.toString()}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [to(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ]
  return links.join(', ')
}
