import type { SandboxUser } from '../../../src/sandbox/forge/state.ts'
import { type Address, nodeId } from './address.ts'
import { timeOf } from './times.ts'

/** `simple-user`; null for an account that is gone. */
export function userPayload(user: SandboxUser, at: Address): object | null {
  return user.kind === 'ghost' ? null : simpleUser(user, at)
}

/** Who owns a repository: its first part, as a user. */
export function ownerPayload(login: string, at: Address): object {
  return simpleUser({ id: 1000 + login.length, login, kind: 'user' }, at)
}

function simpleUser(
  { id, login, kind }: Pick<SandboxUser, 'id' | 'login' | 'kind'>,
  { html, api }: Address,
): object {
  const url = `${api}/users/${encodeURIComponent(login)}`
  const isBot = kind === 'bot'
  return {
    login,
    id,
    node_id: nodeId(isBot ? 'Bot' : 'User', id),
    avatar_url: `${html}/avatars/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: isBot ? `${html}/apps/${login.replace('[bot]', '')}` : `${html}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: isBot ? 'Bot' : 'User',
    user_view_type: 'public',
    site_admin: false,
  }
}

/** `public-user`: what `GET /user` tells a token without the scope `user`. */
export function ownUserPayload(user: SandboxUser, at: Address): object {
  return {
    ...simpleUser(user, at),
    name: user.fullName,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timeOf(user.id),
    updated_at: timeOf(user.id),
  }
}
