import type { IncomingHttpHeaders } from 'node:http'
import type { ForgeActions } from './actions.ts'
import type { ForgeState, SandboxRepository, SandboxUser } from './state.ts'

/** A request that a route fits, before anyone knows who asks. */
export interface RoutedRequest {
  readonly state: ForgeState
  readonly method: string
  /** Null: none fits. */
  readonly route: Route | null
  /** The captured parts of the path, decoded. */
  readonly parts: Readonly<Record<string, string>>
  /** Below the dialect's base, as it came. */
  readonly path: string
  /** With its question mark; empty when there is none. */
  readonly search: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Where people see the forge; a forge writes it into links whatever address the request came to. */
  readonly url: string
}

/** A request that was let in: its user is known, its JSON is parsed. */
export interface ForgeRequest extends RoutedRequest {
  readonly actions: ForgeActions
  readonly user: SandboxUser
  /** An empty one on routes that are not below a repository. */
  readonly repository: SandboxRepository
  readonly body: Readonly<Record<string, unknown>>
  /** Most items of a page, as `MAX_RESPONSE_ITEMS` of Gitea. */
  readonly pageLimit: number
}

export interface ForgeReply {
  readonly status: number
  /** Absent: no body at all. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Route {
  readonly method: string
  /** Below the dialect's base; `:name` captures one segment, a last `*` the rest. */
  readonly path: string
  handle(request: ForgeRequest): ForgeReply
}

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

export function bodyText(request: ForgeRequest, field: string): string | undefined {
  const value = request.body[field]
  return typeof value === 'string' ? value : undefined
}

export function numberOf(request: ForgeRequest, part: string): number {
  return Number(request.parts[part])
}

/** One page: how many a request asks for in `sizeField`, at most the limit of the forge. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly number: number
  readonly size: number
  readonly isLast: boolean
}

export function pageOf<Item>(
  request: Pick<ForgeRequest, 'query' | 'pageLimit'>,
  items: readonly Item[],
  sizeField: 'limit' | 'per_page',
): Page<Item> {
  const asked = Number(request.query.get(sizeField) ?? request.pageLimit)
  const size = Math.min(asked > 0 ? asked : request.pageLimit, request.pageLimit)
  const number = Math.max(Number(request.query.get('page') ?? 1), 1)
  return {
    items: items.slice((number - 1) * size, number * size),
    number,
    size,
    isLast: number * size >= items.length,
  }
}
