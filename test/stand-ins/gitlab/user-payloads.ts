import type { SandboxUser } from '../../../src/sandbox/forge/state.ts'
import { timeOf } from './times.ts'

/** `API_Entities_UserBasic`: what is told of a user wherever one is mentioned. An account that is gone is a user too. */
export function userPayload({ id, login, fullName }: SandboxUser, url: string): object {
  return {
    id,
    username: login,
    public_email: null,
    name: fullName,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: `${url}/${login}`,
  }
}

/** `API_Entities_UserPublic`: `GET /user`. */
export function ownUserPayload(user: SandboxUser, url: string): object {
  return {
    ...userPayload(user, url),
    created_at: timeOf(user.id),
    bio: '',
    location: '',
    linkedin: '',
    twitter: '',
    website_url: '',
    job_title: '',
    pronouns: null,
    organization: '',
    bot: user.kind === 'bot',
    work_information: null,
    last_sign_in_at: null,
    confirmed_at: timeOf(user.id),
    last_activity_on: null,
    email: `${user.id}@noreply.acme.example`,
    theme_id: 3,
    color_scheme_id: 1,
    projects_limit: 0,
    current_sign_in_at: null,
    identities: [],
    can_create_group: false,
    can_create_project: false,
    two_factor_enabled: false,
    external: false,
    private_profile: false,
    commit_email: `${user.id}-${user.login}@users.noreply.acme.example`,
  }
}

/** As webhooks tell of a user. */
export function userInEvent({ id, login, fullName }: SandboxUser): object {
  return { id, name: fullName, username: login, avatar_url: null, email: '[REDACTED]' }
}
