import type { Clock } from '../../../src/pace/clock.ts'
import type { ForgeDialect } from '../../../src/sandbox/forge/dialect.ts'
import type { RoutedRequest, ForgeReply } from '../../../src/sandbox/forge/route.ts'
import {
  findRepository,
  type SandboxComment,
  type SandboxRepository,
  type SandboxUser,
} from '../../../src/sandbox/forge/state.ts'
import { type GitlabContext, type GitlabRoute, routesOf } from './gitlab-route.ts'
import { draftPrefix } from './merge-request-payloads.ts'
import { mergeRequestRoutes } from './merge-request-routes.ts'
import { createMeter } from './meter.ts'
import { awardRoutes } from './award-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { noteRoutes } from './note-routes.ts'
import { pipelineRoutes } from './pipeline-routes.ts'
import { projectPayload } from './project-payloads.ts'
import { refusals, refused, unauthorized, unknownRoute } from './refusals.ts'
import { statusRoutes } from './status-routes.ts'
import { ownUserPayload } from './user-payloads.ts'
import { gitlabWebhooks, type Proof } from './webhook-messages.ts'

export interface GitlabDialectOptions {
  readonly clock: Clock
  readonly proof: Proof
  /** Requests of one token in a minute; 2 000 on gitlab.com. */
  readonly rateLimit: number
  readonly countLimit: number
  readonly strangers: readonly string[]
  readonly hides: (comment: Pick<SandboxComment, 'author' | 'body'>) => boolean
}

export interface GitlabDialect extends ForgeDialect {
  /** Merge requests whose diff is not made yet; put them in and take them out. */
  readonly preparing: Set<number>
}

export const usualGitlab = {
  proof: 'secret token',
  rateLimit: 2000,
  countLimit: 10_000,
  strangers: [],
  hides: () => false,
} as const

const base = '/api/v4'

/** GitLab's REST API (18.4), as strict as can be: a parameter that it would drop in silence is a problem that fails the test. */
export function gitlabDialect(options: GitlabDialectOptions): GitlabDialect {
  const problems: string[] = []
  const preparing = new Set<number>()
  const meter = createMeter(options.rateLimit, options.clock)
  const context: GitlabContext = {
    ...options,
    problems,
    preparing,
    running: new Set(),
    api: ({ headers }) => `http://${headers.host ?? ''}${base}`,
  }
  return {
    base,
    routes: routesOf(context, [
      ownUser,
      project,
      ...mergeRequestRoutes,
      ...noteRoutes,
      ...awardRoutes,
      ...memberRoutes,
      ...statusRoutes,
      ...pipelineRoutes,
    ]),
    refusals,
    drafts: { kind: 'title', prefix: draftPrefix },
    webhooks: gitlabWebhooks(options.proof),
    problems,
    preparing,
    identify: (asked) => meter.count(tokenOf(asked)) ?? userOf(asked),
    repositoryOf: ({ state, parts: { id } }) => (id === undefined ? null : projectCalled(state, id)),
    redirect: (asked, repository) => movedFrom(asked, repository, context),
    finish: (asked, reply) => ({
      ...(asked.route === null ? unknownRoute : reply),
      headers: { ...meter.headers(tokenOf(asked)), 'x-runtime': '0.042', ...reply.headers },
    }),
  }
}

const noParameters = { query: {}, body: {}, required: [] }

const ownUser: GitlabRoute = {
  method: 'GET',
  path: '/user',
  parameters: noParameters,
  handle: ({ user, url }) => ({ status: 200, body: ownUserPayload(user, url) }),
}

const project: GitlabRoute = {
  method: 'GET',
  path: '/projects/:id',
  parameters: { query: { license: 'flag', statistics: 'flag' }, body: {}, required: [] },
  handle: ({ repository, url }) => ({ status: 200, body: projectPayload(repository, url) }),
}

/** A token of any kind comes either way: https://docs.gitlab.com/api/rest/authentication/ */
function tokenOf({ headers }: RoutedRequest): string {
  const [, bearer] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? []
  const own = headers['private-token']
  return bearer ?? (typeof own === 'string' ? own : '')
}

function userOf(asked: RoutedRequest): SandboxUser | ForgeReply {
  const token = tokenOf(asked)
  const user = asked.state.users.find((candidate) => candidate.token !== '' && candidate.token === token)
  return user ?? unauthorized
}

/** By its number or by its path, in one segment. */
function projectCalled(state: RoutedRequest['state'], id: string): SandboxRepository | undefined {
  if (/^\d+$/.test(id)) return state.repositories.find((repository) => String(repository.id) === id)
  return id.includes('/') ? findRepository(state, id) : undefined
}

/** Who reads under a former path is led to the number; who writes is refused (`find_project!` of lib/api/helpers.rb). */
function movedFrom(
  asked: RoutedRequest,
  repository: SandboxRepository,
  { api }: GitlabContext,
): ForgeReply | null {
  const called = asked.parts['id'] ?? ''
  if (/^\d+$/.test(called) || called.toLowerCase() === repository.fullName.toLowerCase()) return null
  if (asked.method !== 'GET') return refused(405, 'Non GET methods are not allowed for moved projects')
  const rest = asked.path.split('/').slice(3).join('/')
  const location = `${api(asked)}/projects/${repository.id}${rest === '' ? '' : `/${rest}`}${asked.search}`
  const body = `This resource has been moved permanently to ${location}.`
  return { status: 301, body, headers: { location, 'content-type': 'text/plain' } }
}
