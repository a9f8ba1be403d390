import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import { permissionOn, type SandboxPermission } from '../../../src/sandbox/forge/state.ts'
import type { GitlabContext, GitlabRoute } from './gitlab-route.ts'
import { paged } from './paged.ts'
import { pagination } from './parameters.ts'
import { recordNotFound } from './refusals.ts'
import { timeOf } from './times.ts'
import { userPayload } from './user-payloads.ts'

/** Users by name, and members of a project with those of its groups. */
export const memberRoutes: readonly GitlabRoute[] = [
  {
    method: 'GET',
    path: '/users',
    parameters: { query: { ...pagination, username: 'text', search: 'text' }, body: {}, required: [] },
    handle: listUsers,
  },
  {
    method: 'GET',
    path: '/projects/:id/members/all/:user_id',
    parameters: { query: {}, body: {}, required: [] },
    handle: showMember,
  },
]

function listUsers(request: ForgeRequest, context: GitlabContext): ForgeReply {
  const wanted = request.query.get('username')?.toLowerCase()
  const users = request.state.users.filter(({ login }) => login.toLowerCase() === wanted)
  return paged(request, context, users, (user) => userPayload(user, request.url))
}

/** https://docs.gitlab.com/api/members/#roles */
const levels: Readonly<Record<SandboxPermission, number | null>> = {
  admin: 40,
  write: 30,
  read: 20,
  none: null,
}

function showMember({ state, repository, parts, url }: ForgeRequest): ForgeReply {
  const user = state.users.find(({ id }) => String(id) === parts['user_id'])
  const level = user === undefined ? null : levels[permissionOn(repository, user.login)]
  if (user === undefined || level === null) return recordNotFound
  return {
    status: 200,
    body: {
      ...userPayload(user, url),
      access_level: level,
      created_at: timeOf(user.id),
      expires_at: null,
      membership_state: 'active',
    },
  }
}
