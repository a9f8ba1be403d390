import type { ForgeDialect } from '../dialect.ts'
import type { RoutedRequest, ForgeReply } from '../route.ts'
import { findRepository, type SandboxRepository, type SandboxUser } from '../state.ts'
import { base } from './paged.ts'
import { commentRoutes } from './comment-routes.ts'
import { draftPrefix } from './payloads.ts'
import { permissionRoutes } from './permission-routes.ts'
import { pullRoutes } from './pull-routes.ts'
import { reactionRoutes } from './reaction-routes.ts'
import { refusals } from './refusals.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { webhooks } from './webhook-messages.ts'

/** Gitea 1.26 and Forgejo. */
export function giteaDialect({ pagedComments }: { readonly pagedComments: boolean }): ForgeDialect {
  return {
    base,
    routes: [
      ...repositoryRoutes,
      ...pullRoutes,
      ...commentRoutes(pagedComments),
      ...reactionRoutes,
      ...permissionRoutes,
    ],
    refusals,
    drafts: { kind: 'title', prefix: draftPrefix },
    webhooks,
    problems: [],
    identify,
    repositoryOf: ({ state, parts: { owner, name } }) =>
      owner === undefined || name === undefined ? null : findRepository(state, `${owner}/${name}`),
    redirect,
    finish: (_asked, reply) => reply,
  }
}

function identify({ state, headers }: RoutedRequest): SandboxUser | ForgeReply {
  const [, token] = /^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? '') ?? []
  const user = token === undefined ? undefined : state.users.find((candidate) => candidate.token === token)
  return user ?? { status: 401, body: { message: 'invalid username, password or token' } }
}

/** A former name answers 301 with a path, before anything is done. */
function redirect(
  { parts, path, search }: RoutedRequest,
  { fullName }: SandboxRepository,
): ForgeReply | null {
  const asked = `${parts['owner'] ?? ''}/${parts['name'] ?? ''}`
  if (asked.toLowerCase() === fullName.toLowerCase()) return null
  const rest = path
    .split('/')
    .slice(4)
    .map((segment) => `/${segment}`)
    .join('')
  return { status: 301, headers: { location: `${base}/repos/${fullName}${rest}${search}` } }
}
