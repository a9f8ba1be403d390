import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import { type Address, nodeId } from './address.ts'
import { type AppDesk, covers, type Grant, type Installation, noApp, type Permissions } from './app-desk.ts'
import type { GithubPlace, GithubRoute } from './github-route.ts'
import { notFound, refused } from './refusals.ts'
import { repositoryPayload } from './repository-payloads.ts'
import { inSeconds, timeOf } from './times.ts'
import { ownerPayload } from './user-payloads.ts'

/** Those that an App asks with a JSON web token of its own. */
export const appPaths: readonly string[] = [
  '/app',
  '/repos/:owner/:repo/installation',
  '/repositories/:repository_id/installation',
  '/app/installations/:installation_id/access_tokens',
]

export function appRoutes(desk: AppDesk | null): readonly GithubRoute[] {
  const withDesk = (handle: (desk: AppDesk, request: ForgeRequest, at: GithubPlace) => ForgeReply) => {
    return (request: ForgeRequest, at: GithubPlace) => (desk === null ? noApp : handle(desk, request, at))
  }
  return [
    { method: 'GET', path: '/app', needs: [], handle: withDesk(showApp) },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/installation',
      needs: [],
      handle: withDesk(showInstallation),
    },
    {
      method: 'POST',
      path: '/app/installations/:installation_id/access_tokens',
      needs: [],
      handle: withDesk(createToken),
    },
  ]
}

/** `integration`. */
function showApp({ app, installations }: AppDesk, _request: ForgeRequest, at: GithubPlace): ForgeReply {
  const body = {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId('Integration', app.id),
    owner: ownerPayload('acme', at),
    name: app.slug,
    description: null,
    external_url: at.html,
    html_url: `${at.html}/apps/${app.slug}`,
    created_at: timeOf(app.id),
    updated_at: timeOf(app.id),
    permissions: app.permissions,
    events: ['pull_request'],
    installations_count: installations.length,
  }
  return { status: 200, body }
}

function showInstallation(desk: AppDesk, { repository }: ForgeRequest, at: GithubPlace): ForgeReply {
  const owner = repository.fullName.split('/')[0]
  const installation = desk.installations.find((candidate) => candidate.owner === owner)
  if (installation === undefined) return notFound
  return { status: 200, body: installationPayload(desk, installation, at) }
}

/** `installation`. */
function installationPayload({ app }: AppDesk, { id, owner }: Installation, at: Address): object {
  return {
    id,
    account: ownerPayload(owner, at),
    repository_selection: 'all',
    access_tokens_url: `${at.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${at.api}/installation/repositories`,
    html_url: `${at.html}/organizations/${owner}/settings/installations/${id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: id,
    target_type: 'Organization',
    permissions: app.permissions,
    events: ['pull_request'],
    created_at: timeOf(id),
    updated_at: timeOf(id),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  }
}

function createToken(desk: AppDesk, request: ForgeRequest, at: GithubPlace): ForgeReply {
  const installation = desk.installations.find(({ id }) => String(id) === request.parts['installation_id'])
  if (installation === undefined) return notFound
  const permissions = (request.body['permissions'] ?? desk.app.permissions) as Permissions
  if (!Object.entries(permissions).every(([name, level]) => isAmong(desk.app.permissions, name, level)))
    return refused(422, 'The permissions requested are not granted to this installation.')
  const repositories = (request.body['repositories'] ?? null) as readonly string[] | null
  const wish = { installation, permissions, repositories }
  const chosen = request.state.repositories.filter((one) => covers({ ...wish, ...never }, one))
  if (repositories !== null && chosen.length < repositories.length)
    return refused(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  const grant = desk.mint(wish)
  return {
    status: 201,
    body: {
      token: grant.token,
      expires_at: inSeconds(grant.expiresAt),
      permissions,
      repository_selection: repositories === null ? 'all' : 'selected',
      ...(repositories === null
        ? {}
        : { repositories: chosen.map((repository) => repositoryPayload(repository, at)) }),
    },
  }
}

const never: Pick<Grant, 'token' | 'expiresAt'> = { token: '', expiresAt: new Date(0) }

function isAmong(granted: Permissions, name: string, level: string): boolean {
  return granted[name] === level || granted[name] === 'write'
}
