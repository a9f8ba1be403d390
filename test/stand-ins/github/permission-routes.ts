import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import { permissionOn } from '../../../src/sandbox/forge/state.ts'
import type { GithubPlace, GithubRoute } from './github-route.ts'
import { notFound } from './refusals.ts'
import { userPayload } from './user-payloads.ts'

/** What a user may do; a public repository may be read by everybody. */
export const permissionRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    path: '/repos/:owner/:repo/collaborators/:username/permission',
    needs: ['metadata=read'],
    handle: show,
  },
]

function show({ state, repository, parts }: ForgeRequest, at: GithubPlace): ForgeReply {
  const asked = (parts['username'] ?? '').toLowerCase()
  const user = state.users.find(({ login }) => login.toLowerCase() === asked)
  if (user === undefined) return notFound
  const permission = permissionOn(repository, user.login)
  const may = (...words: readonly string[]) => words.includes(permission)
  return {
    status: 200,
    body: {
      permission,
      role_name: permission,
      user: {
        ...userPayload(user, at),
        permissions: {
          pull: may('read', 'write', 'admin'),
          triage: may('write', 'admin'),
          push: may('write', 'admin'),
          maintain: may('admin'),
          admin: may('admin'),
        },
        role_name: permission,
      },
    },
  }
}
