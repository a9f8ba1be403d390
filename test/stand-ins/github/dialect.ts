import type { Clock } from '../../../src/pace/clock.ts'
import type { ForgeDialect } from '../../../src/sandbox/forge/dialect.ts'
import type { RoutedRequest, ForgeReply } from '../../../src/sandbox/forge/route.ts'
import { findRepository, type SandboxRepository, type SandboxUser } from '../../../src/sandbox/forge/state.ts'
import { type AppDesk, covers, createAppDesk, type Grant, noApp, type StandInApp } from './app-desk.ts'
import { appPaths, appRoutes } from './app-routes.ts'
import { credentialOf } from './authorization.ts'
import { checkRoutes } from './check-routes.ts'
import { commentRoutes } from './comment-routes.ts'
import { withEtag } from './etag.ts'
import { type GithubRoute, placeOf, routesOf } from './github-route.ts'
import { createMeter, type Meter } from './meter.ts'
import { createOpenApiCheck } from './openapi.ts'
import { permissionRoutes } from './permission-routes.ts'
import { reactionRoutes } from './reaction-routes.ts'
import { refusals, refused } from './refusals.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { statusRoutes, type UnknownCommit } from './status-routes.ts'
import { ownUserPayload } from './user-payloads.ts'
import { githubWebhooks } from './webhook-messages.ts'

export interface GithubDialectOptions {
  /** `/api/v3` of an Enterprise Server; empty: as api.github.com, which is a host of its own. */
  readonly base: '' | '/api/v3'
  readonly clock: Clock
  /** Null: no App is registered. */
  readonly app: StandInApp | null
  /** Requests of one token in an hour. */
  readonly rateLimit: number
  readonly unknownCommit: UnknownCommit
}

export interface GithubDialect extends ForgeDialect {
  /** What a token of the App may do, for the git server beside the API; null: never given out, or expired. */
  grantOf(token: string): Grant | null
  /** All tokens of the App that were given out end now. */
  expireTokens(): void
  /** How many requests counted against a rate limit: a 304 does not. */
  counted(): number
}

export const usualGithub = {
  base: '/api/v3',
  app: null,
  rateLimit: 5000,
  unknownCommit: 'empty list',
} as const

/**
 * GitHub's REST API, as strict as can be: every request and every answer is compared with GitHub's own description of
 * it, and what does not fit is a problem that fails the test.
 */
export function githubDialect(options: GithubDialectOptions): GithubDialect {
  const { base, clock } = options
  const desk = options.app === null ? null : createAppDesk(options.app, clock)
  const meter = createMeter(options.rateLimit, clock)
  const check = createOpenApiCheck()
  const problems: string[] = []
  const routes = [
    ...repositoryRoutes,
    ...commentRoutes,
    ...checkRoutes,
    ...reactionRoutes,
    ...permissionRoutes,
    ...statusRoutes(options.unknownCommit),
    ...appRoutes(desk),
    ownUser,
  ]
  return {
    base,
    routes: routesOf({ base, desk, check, problems }, routes),
    refusals,
    drafts: { kind: 'field' },
    webhooks: githubWebhooks(base),
    problems,
    identify: (asked) => clientRefusal(asked) ?? exhausted(meter, asked) ?? userOf(desk, asked),
    repositoryOf: (asked) => repositoryOf(desk, asked),
    redirect: (asked, repository) => redirect(base, asked, repository),
    finish(asked, reply) {
      problems.push(...check.answer(asked, reply))
      const answered = withEtag(asked, reply)
      const who = asked.headers.authorization ?? ''
      if (answered.status !== 304) meter.count(who)
      return {
        ...answered,
        headers: { ...usualHeaders, ...meter.headers(who), ...answered.headers },
      }
    },
    grantOf: (token) => desk?.grantOf(token) ?? null,
    expireTokens: () => desk?.expireTokens(),
    counted: () => meter.total(),
  }
}

const versions = ['2022-11-28', '2026-03-10']

const usualHeaders = {
  'x-github-media-type': 'github.v3; format=json',
  'x-github-api-version-selected': '2022-11-28',
  'cache-control': 'private, max-age=60, s-maxage=60',
}

/** An installation is nobody: it has no user of its own to be told of. */
const ownUser: GithubRoute = {
  method: 'GET',
  path: '/user',
  needs: [],
  handle: ({ user }, at) =>
    user.kind === 'bot' && user.token === ''
      ? refused(403, 'Resource not accessible by integration')
      : { status: 200, body: ownUserPayload(user, at) },
}

function clientRefusal({ headers }: RoutedRequest): ForgeReply | null {
  if ((headers['user-agent'] ?? '') === '')
    return refused(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    )
  const version = headers['x-github-api-version']
  if (version === undefined || versions.includes(String(version))) return null
  return refused(400, `"${String(version)}" is not a supported version of the GitHub API.`)
}

function exhausted(meter: Meter, { headers }: RoutedRequest): ForgeReply | null {
  return meter.refusal(headers.authorization ?? '')
}

function userOf(desk: AppDesk | null, { state, headers, route }: RoutedRequest): SandboxUser | ForgeReply {
  const credential = credentialOf(headers)
  if (credential.kind === 'none') return refused(401, 'Requires authentication')
  const isForApps = appPaths.includes(route?.path ?? '')
  if (credential.kind === 'jwt') {
    if (!isForApps) return refused(401, 'Bad credentials')
    return desk === null ? noApp : (desk.jwtRefusal(credential.jwt) ?? desk.bot)
  }
  if (isForApps) return refused(401, 'A JSON web token could not be decoded')
  if (desk !== null && desk.grantOf(credential.token) !== null) return desk.bot
  const user = state.users.find(({ token }) => token !== '' && token === credential.token)
  return user ?? refused(401, 'Bad credentials')
}

/** By its name, or by its id; an App sees only where it is installed. */
function repositoryOf(
  desk: AppDesk | null,
  { state, parts, headers }: RoutedRequest,
): SandboxRepository | null | undefined {
  const { owner, repo, repository_id: id } = parts
  if (id === undefined && (owner === undefined || repo === undefined)) return null
  const found =
    id === undefined
      ? findRepository(state, `${owner ?? ''}/${repo ?? ''}`)
      : state.repositories.find((repository) => String(repository.id) === id)
  const credential = credentialOf(headers)
  const grant = credential.kind === 'token' ? (desk?.grantOf(credential.token) ?? null) : null
  return found !== undefined && grant !== null && !covers(grant, found) ? undefined : found
}

/** A former name leads to the id: 301 when something is read, 307 when something is written. */
function redirect(
  base: string,
  asked: RoutedRequest,
  { id, fullName }: SandboxRepository,
): ForgeReply | null {
  const { owner, repo } = asked.parts
  if (owner === undefined || `${owner}/${repo ?? ''}`.toLowerCase() === fullName.toLowerCase()) return null
  const rest = asked.path.replace(/^\/repos\/[^/]+\/[^/]+/, '')
  const url = `${placeOf(base, asked).asked}/repositories/${id}${rest}${asked.search}`
  const reads = asked.method === 'GET'
  return {
    status: reads ? 301 : 307,
    headers: { location: url },
    body: { message: reads ? 'Moved Permanently' : 'Temporary Redirect', url, documentation_url: docs },
  }
}

const docs = 'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects'
