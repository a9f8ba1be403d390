import type { IncomingMessage, ServerResponse } from 'node:http'
import { commentRoutes } from './comment-routes.ts'
import type { Deeds } from './deeds.ts'
import { pullRoutes } from './pull-routes.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { type ForgeReply, type ForgeRequest, match, notFound, type Route } from './route.ts'
import { findRepository, type ForgeState, type SandboxRepository, type SandboxUser } from './state.ts'

export interface AnswerContext {
  readonly state: ForgeState
  readonly deeds: Deeds
  readonly url: () => string
  readonly pageLimit: number
  readonly pagedComments: boolean
  /** Told of a request that no route answers: a stand-in must not hide that it lacks something. */
  readonly onUnknown: (line: string) => void
}

const routes: readonly Route[] = [...repositoryRoutes, ...pullRoutes, ...commentRoutes]
const base = '/api/v1'
const maxBody = 1024 * 1024

/** Answers one request the way Gitea's REST API would. */
export async function answer(
  context: AnswerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await replyTo(context, request)
  const headers = { 'content-type': 'application/json;charset=utf-8', ...reply.headers }
  response.writeHead(reply.status, headers)
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body))
}

async function replyTo(context: AnswerContext, request: IncomingMessage): Promise<ForgeReply> {
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid')
  const method = request.method ?? 'GET'
  if (!isDecodable(url.pathname)) return { status: 400, body: { message: 'malformed path' } }
  const path = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : null
  const found = path === null ? null : routeFor(method, path)
  if (path === null || found === null) {
    context.onUnknown(`${method} ${url.pathname}`)
    return notFound
  }
  const user = userOf(context.state, request.headers.authorization ?? '')
  if (user === undefined) return { status: 401, body: { message: 'invalid username, password or token' } }
  const body = await readJson(request)
  if (body === null) return { status: 400, body: { message: 'the body is no JSON object' } }
  const repository = repositoryOf(context.state, found.parts)
  if (repository === undefined) return notFound
  const moved = redirectTo(repository, found.parts, path, url.search)
  if (moved !== null) return moved
  return handle(found.route, {
    ...context,
    url: context.url(),
    user,
    repository,
    parts: found.parts,
    path,
    query: url.searchParams,
    body,
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

function handle(route: Route, request: ForgeRequest): ForgeReply {
  try {
    return route.handle(request)
  } catch (error) {
    if (error instanceof RangeError) return { status: 422, body: { message: error.message } }
    throw error
  }
}

function routeFor(method: string, path: string): { route: Route; parts: Record<string, string> } | null {
  for (const route of routes) {
    const parts = route.method === method ? match(route.path, path) : null
    if (parts !== null) return { route, parts }
  }
  return null
}

function userOf(state: ForgeState, authorization: string): SandboxUser | undefined {
  const [, token] = /^(?:token|bearer) (\S+)$/i.exec(authorization) ?? []
  return token === undefined ? undefined : state.users.find((user) => user.token === token)
}

/** Routes that are not about a repository get an empty one. */
function repositoryOf(
  state: ForgeState,
  parts: Readonly<Record<string, string>>,
): SandboxRepository | undefined {
  const { owner, name } = parts
  if (owner !== undefined && name !== undefined) return findRepository(state, `${owner}/${name}`)
  return {
    id: 0,
    fullName: '',
    formerNames: [],
    mergeRequests: [],
    statuses: [],
    mergeRequestsEnabled: false,
  }
}

/** A former name answers 301 with a path, before anything is done. */
function redirectTo(
  repository: SandboxRepository,
  parts: Readonly<Record<string, string>>,
  path: string,
  search: string,
): ForgeReply | null {
  const asked = `${parts['owner'] ?? ''}/${parts['name'] ?? ''}`
  if (repository.id === 0 || asked.toLowerCase() === repository.fullName.toLowerCase()) return null
  const rest = path
    .split('/')
    .slice(4)
    .map((segment) => `/${segment}`)
    .join('')
  return { status: 301, headers: { location: `${base}/repos/${repository.fullName}${rest}${search}` } }
}

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
