import type { Deeds } from './deeds.ts'
import type { ForgeState, SandboxRepository, SandboxUser } from './state.ts'

/** A request that was let in: its user is known, its JSON is parsed. */
export interface ForgeRequest {
  readonly state: ForgeState
  readonly deeds: Deeds
  /** Where people see the forge; Gitea writes it into links whatever address the request came to. */
  readonly url: string
  readonly user: SandboxUser
  /** Present on routes below a repository. */
  readonly repository: SandboxRepository
  /** The captured parts of the path, decoded. */
  readonly parts: Readonly<Record<string, string>>
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
  /** Most items of a page, as `MAX_RESPONSE_ITEMS` of Gitea. */
  readonly pageLimit: number
  /** Whether the list of comments has pages; it has none in Gitea 1.26. */
  readonly pagedComments: boolean
}

export interface ForgeReply {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Route {
  readonly method: string
  /** Below `/api/v1`; `:name` captures one segment, a last `*` the rest. */
  readonly path: string
  handle(request: ForgeRequest): ForgeReply
}

export const notFound: ForgeReply = { status: 404, body: { message: 'not found', url: '' } }

/** The captured parts when `path` fits `pattern`, else null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const parts: Record<string, string> = {}
  const wanted = pattern.split('/')
  const given = path.split('/')
  for (const [index, segment] of wanted.entries()) {
    if (segment === '*') return parts
    const value = given[index]
    if (value === undefined) return null
    if (segment.startsWith(':')) parts[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return null
  }
  return wanted.length === given.length ? parts : null
}

export function textOf(request: ForgeRequest, field: string): string | undefined {
  const value = request.body[field]
  return typeof value === 'string' ? value : undefined
}

export function numberOf(request: ForgeRequest, part: string): number {
  return Number(request.parts[part])
}

/** One page of `items` with the headers that Gitea sets: `Link` built from its own address, and the count of all. */
export function paged(request: ForgeRequest, items: readonly object[]): ForgeReply {
  const asked = Number(request.query.get('limit') ?? request.pageLimit)
  const size = Math.min(asked > 0 ? asked : request.pageLimit, request.pageLimit)
  const page = Math.max(Number(request.query.get('page') ?? 1), 1)
  const headers: Record<string, string> = { 'x-total-count': String(items.length) }
  if (page * size < items.length) {
    const next = new URLSearchParams(request.query)
    next.set('page', String(page + 1))
    headers['link'] = `<${request.url}/api/v1${request.path}?${next.toString()}>; rel="next"`
  }
  return { status: 200, body: items.slice((page - 1) * size, page * size), headers }
}
