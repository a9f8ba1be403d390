import type { ForgeReply, ForgeRequest, Route } from '../../../src/sandbox/forge/route.ts'
import type { SandboxComment, SandboxMergeRequest } from '../../../src/sandbox/forge/state.ts'
import { objectionsTo, type Parameters } from './parameters.ts'
import { recordNotFound } from './refusals.ts'

/** A route with all the parameters that GitLab documents for it, as far as anyone here may use them. */
export interface GitlabRoute extends Pick<Route, 'method' | 'path'> {
  readonly parameters: Parameters
  handle(request: ForgeRequest, context: GitlabContext): ForgeReply
}

export interface GitlabContext {
  readonly problems: string[]
  /** Longer lists are not counted; 10 000 of GitLab. */
  readonly countLimit: number
  /** Logins that are no members of the project: they may not comment where a discussion is locked. */
  readonly strangers: readonly string[]
  /** Comments that GitLab counts, but shows nobody: those of banned users for example. */
  readonly hides: (comment: Pick<SandboxComment, 'author' | 'body'>) => boolean
  /** Merge requests whose diff is not made yet. */
  readonly preparing: ReadonlySet<number>
  /** Ids of commit statuses that run. */
  readonly running: Set<number>
  /** Base of the API at the address that was asked. */
  readonly api: (request: Pick<ForgeRequest, 'headers'>) => string
}

export function routesOf(context: GitlabContext, routes: readonly GitlabRoute[]): readonly Route[] {
  return routes.map((route) => ({
    method: route.method,
    path: route.path,
    handle: (request) => checked(context, route, request),
  }))
}

function checked(context: GitlabContext, route: GitlabRoute, request: ForgeRequest): ForgeReply {
  const { refusal, unknown } = objectionsTo(request, route.parameters)
  for (const name of unknown)
    context.problems.push(`${route.method} ${route.path} knows no parameter ${JSON.stringify(name)}`)
  return refusal ?? route.handle(request, context)
}

export type MergeRequestHandler = (
  request: ForgeRequest,
  mergeRequest: SandboxMergeRequest,
  context: GitlabContext,
) => ForgeReply

/** Where merge requests are switched off there is none. */
export function withMergeRequest(handle: MergeRequestHandler): GitlabRoute['handle'] {
  return (request, context) => {
    const { repository, parts } = request
    const found = repository.mergeRequests.find(({ number }) => String(number) === parts['iid'])
    if (found === undefined || !repository.mergeRequestsEnabled) return recordNotFound
    return handle(request, found, context)
  }
}
