import type { ForgeReply, ForgeRequest, Route } from '../../../src/sandbox/forge/route.ts'
import { may, type SandboxRight } from '../../../src/sandbox/forge/state.ts'
import type { Address } from './address.ts'
import type { AppDesk } from './app-desk.ts'
import { credentialOf } from './authorization.ts'
import type { OpenApiCheck } from './openapi.ts'
import { lacksRight } from './refusals.ts'

/** A route as GitHub guards it; the path has the names of the OpenAPI description. */
export interface GithubRoute extends Pick<Route, 'method' | 'path'> {
  /** One of these is enough, for example `issues=write`; none: no permission is asked for. */
  readonly needs: readonly string[]
  handle(request: ForgeRequest, at: GithubPlace): ForgeReply
}

export interface GithubPlace extends Address {
  /** Base of the API at the address that the request came to: links of pages and redirects lead there. */
  readonly asked: string
}

export interface RouteContext {
  readonly base: string
  readonly desk: AppDesk | null
  readonly check: OpenApiCheck
  readonly problems: string[]
}

/** Every route below a repository is there twice: by name, and by id, where redirects and links of pages lead. */
export function routesOf(context: RouteContext, routes: readonly GithubRoute[]): readonly Route[] {
  return routes.flatMap((route) => {
    const handle = (request: ForgeRequest) => guarded(context, route, request)
    const { method, path } = route
    const byId = path.replace('/repos/:owner/:repo', '/repositories/:repository_id')
    return [{ method, path, handle }, ...(byId === path ? [] : [{ method, path: byId, handle }])]
  })
}

export function placeOf(base: string, { url, headers }: Pick<ForgeRequest, 'url' | 'headers'>): GithubPlace {
  return { html: url, api: `${url}${base}`, asked: `http://${headers.host ?? ''}${base}` }
}

function guarded(context: RouteContext, route: GithubRoute, request: ForgeRequest): ForgeReply {
  context.problems.push(...context.check.request(request))
  return missingRight(context.desk, route, request) ?? route.handle(request, placeOf(context.base, request))
}

function missingRight(
  desk: AppDesk | null,
  { needs }: GithubRoute,
  { headers, repository, user }: ForgeRequest,
): ForgeReply | null {
  if (needs.length === 0) return null
  const credential = credentialOf(headers)
  const grant = credential.kind === 'token' ? (desk?.grantOf(credential.token) ?? null) : null
  const kind = grant === null ? 'personal access token' : 'integration'
  const granted = grant === null || needs.some((need) => isGranted(need, grant.permissions))
  return granted && may(repository, user, rightOf(needs)) ? null : lacksRight(kind, needs.join('; '))
}

/** Who may write may read. */
function isGranted(need: string, permissions: Readonly<Record<string, string>>): boolean {
  const [name = '', level] = need.split('=')
  return permissions[name] === level || permissions[name] === 'write'
}

function rightOf(needs: readonly string[]): SandboxRight {
  if (needs.includes('statuses=write')) return 'status'
  if (needs.includes('checks=read')) return 'checks'
  return needs.includes('issues=write') ? 'comment' : 'read'
}
