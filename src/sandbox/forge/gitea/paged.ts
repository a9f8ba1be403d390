import { type ForgeReply, type ForgeRequest, pageOf } from '../route.ts'

/** Where Gitea's REST API begins. */
export const base = '/api/v1'

/** One page of `items` with the headers that Gitea sets: `Link` built from its own address, and the count of all. */
export function paged(request: ForgeRequest, items: readonly object[]): ForgeReply {
  const page = pageOf(request, items, 'limit')
  const headers: Record<string, string> = { 'x-total-count': String(items.length) }
  if (!page.isLast) {
    const next = new URLSearchParams(request.query)
    next.set('page', String(page.number + 1))
    headers['link'] = `<${request.url}${base}${request.path}?${next.toString()}>; rel="next"`
  }
  return { status: 200, body: page.items, headers }
}
