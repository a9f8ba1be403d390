import type { AuthChallenge } from './read-challenge.ts'
import type { RegistryLogin } from './registry-login.ts'

/** Registries that send to a host of the same owner for tokens. */
const knownRealms: Readonly<Record<string, string>> = {
  'docker.io': 'auth.docker.io',
  'registry.gitlab.com': 'gitlab.com',
}

export interface RealmQuestion {
  readonly challenge: Extract<AuthChallenge, { readonly scheme: 'bearer' }>
  readonly repository: string
  /** Of the registry itself. */
  readonly origin: string
  /** Whether a host may be spoken to without TLS. */
  readonly isPlain: (host: string) => boolean
}

/** Where a token is asked for; null: at no address that may be asked. The scope is ours: nobody talks us into more than reading. */
export function tokenRealm({ challenge, repository, origin, isPlain }: RealmQuestion): URL | null {
  if (!URL.canParse(challenge.realm)) return null
  const url = new URL(challenge.realm)
  const isSecure = url.protocol === 'https:'
  const isAllowed = url.protocol === 'http:' && (url.origin === origin || isPlain(url.host))
  if ((!isSecure && !isAllowed) || url.username !== '' || url.password !== '') return null
  url.hash = ''
  if (challenge.service !== null) url.searchParams.set('service', challenge.service)
  url.searchParams.set('scope', `repository:${repository}:pull`)
  return url
}

/**
 * Whether a password for the registry `host` may be sent to the realm that it names. Anybody who answers in the registry's
 * place could name a realm, so another origin takes the operator's word.
 */
export function mayCarryPassword(
  realm: URL,
  registry: { readonly host: string; readonly origin: string },
  login: RegistryLogin,
): boolean {
  if (realm.origin === registry.origin) return true
  const isKnown = realm.protocol === 'https:' && knownRealms[registry.host] === realm.host
  return isKnown || login.realms.some((host) => host.toLowerCase() === realm.host)
}
