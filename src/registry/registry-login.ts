import { createHash } from 'node:crypto'
import type { Secret } from '../config/secret.ts'
import { plainRegistryHost } from './parse-reference.ts'

/** What the operator says of a registry. */
export interface RegistryCredential {
  /** With its port where it has one: `registry.acme.dev:5000`. */
  readonly host: string
  /** Null: nobody; the entry is there for `plainHttp` alone. */
  readonly username: string | null
  readonly password: Secret | null
  /** Further hosts that may be given the password, because this registry sends there for tokens. */
  readonly realms?: readonly string[]
  /** It speaks http without TLS. */
  readonly plainHttp?: boolean
}

/** Somebody that a registry can be asked as. */
export interface RegistryLogin {
  /** Tells logins apart without holding their passwords. */
  readonly id: string
  /** For messages. Not the name of the user: some registries take a token there. */
  readonly who: string
  /** The header of HTTP basic; null: nobody. */
  readonly header: Secret | null
  readonly realms: readonly string[]
}

/** Every registry is asked as nobody first: a public image takes no password. */
export const nobody: RegistryLogin = { id: 'nobody', who: 'nobody', header: null, realms: [] }

/** The logins of the configuration for a host, in the order in which they stand there. */
export function configuredLogins(
  credentials: readonly RegistryCredential[],
  host: string,
): readonly RegistryLogin[] {
  return credentials.flatMap(({ username, password, realms = [], ...entry }) =>
    plainRegistryHost(entry.host) === host && username !== null && password !== null
      ? [registryLogin('the user in `registries`', username, password, realms)]
      : [],
  )
}

export function registryLogin(
  who: string,
  username: string,
  password: Secret,
  realms: readonly string[],
): RegistryLogin {
  const reveal = () => `Basic ${Buffer.from(`${username}:${password.reveal()}`, 'utf8').toString('base64')}`
  const id = createHash('sha256').update(reveal()).digest('hex')
  return { id, who, header: { ...password, reveal }, realms }
}
