import type { ForgeReply, ForgeRequest, Route } from '../route.ts'
import { permissionOn } from '../state.ts'
import { userPayload } from './payloads.ts'
import { forbidden, notFound } from './refusals.ts'

/** What others may do is told to administrators alone: routers/api/v1/repo/collaborators.go of Gitea 1.26. */
export const permissionRoutes: readonly Route[] = [
  { method: 'GET', path: '/repos/:owner/:name/collaborators/:login/permission', handle: show },
]

function show({ state, repository, user, parts }: ForgeRequest): ForgeReply {
  const same = (login: string) => login.toLowerCase() === (parts['login'] ?? '').toLowerCase()
  if (!same(user.login) && permissionOn(repository, user.login) !== 'admin')
    return forbidden(
      'Only admins can query all permissions, repo admins can query all repo permissions, collaborators can query only their own',
    )
  const asked = state.users.find(({ login }) => same(login))
  if (asked === undefined) return notFound
  const permission = permissionOn(repository, asked.login)
  return { status: 200, body: { permission, role_name: permission, user: userPayload(asked) } }
}
