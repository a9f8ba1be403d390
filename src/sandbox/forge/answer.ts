import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ForgeActions } from './actions.ts'
import type { ForgeDialect } from './dialect.ts'
import { type RoutedRequest, type ForgeReply, type ForgeRequest, match, type Route } from './route.ts'
import { emptyRepository, type ForgeState, may } from './state.ts'

const maxBody = 1024 * 1024

export interface AnswerContext {
  readonly dialect: ForgeDialect
  readonly state: ForgeState
  readonly actions: ForgeActions
  readonly url: () => string
  readonly pageLimit: number
  /** Told of a request that no route answers: a stand-in must not hide that it lacks something. */
  readonly onUnknown: (line: string) => void
}

/** Answers one request the way a forge of this dialect would. */
export async function answer(
  context: AnswerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = readRequest(context, request)
  const reply = context.dialect.finish(asked, await replyTo(context, asked, request))
  const headers = {
    ...(reply.body === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' }),
    ...reply.headers,
  }
  response.writeHead(reply.status, headers)
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body))
}

function readRequest({ dialect, state, url }: AnswerContext, request: IncomingMessage): RoutedRequest {
  const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://sandbox.invalid')
  const method = request.method ?? 'GET'
  const path = pathname.startsWith(`${dialect.base}/`) ? pathname.slice(dialect.base.length) : null
  const found = path === null || !isDecodable(path) ? null : routeFor(dialect.routes, method, path)
  return {
    state,
    method,
    route: found?.route ?? null,
    parts: found?.parts ?? {},
    path: path ?? pathname,
    search,
    query: searchParams,
    headers: request.headers,
    url: url(),
  }
}

async function replyTo(
  context: AnswerContext,
  asked: RoutedRequest,
  request: IncomingMessage,
): Promise<ForgeReply> {
  const { dialect } = context
  if (!isDecodable(asked.path)) return dialect.refusals.malformed('malformed path')
  if (asked.route === null) {
    context.onUnknown(`${asked.method} ${(request.url ?? '/').replace(/\?.*/, '')}`)
    return dialect.refusals.notFound
  }
  const user = dialect.identify(asked)
  if ('status' in user) return user
  const body = await readJson(request)
  if (body === null) return dialect.refusals.malformed('the body is no JSON object')
  const repository = dialect.repositoryOf(asked)
  if (repository === undefined) return dialect.refusals.notFound
  if (repository !== null && !may(repository, user, 'read')) return dialect.refusals.notFound
  const moved = repository === null ? null : dialect.redirect(asked, repository)
  if (moved !== null) return moved
  const { actions, pageLimit } = context
  return handle(dialect, asked.route, {
    ...asked,
    actions,
    pageLimit,
    user,
    body,
    repository: repository ?? emptyRepository(0, ''),
  })
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function routeFor(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; parts: Record<string, string> } | null {
  for (const route of routes) {
    const parts = route.method === method ? match(route.path, path) : null
    if (parts !== null) return { route, parts }
  }
  return null
}

function handle(dialect: ForgeDialect, route: Route, request: ForgeRequest): ForgeReply {
  try {
    return route.handle(request)
  } catch (error) {
    if (error instanceof RangeError) return dialect.refusals.unprocessable(error.message)
    throw error
  }
}

/** The JSON object of a request's body; an empty body is an empty object; null: it is none. */
async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBody) return null
    chunks.push(chunk)
  }
  if (size === 0) return {}
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
