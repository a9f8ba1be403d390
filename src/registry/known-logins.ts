import { createBoundedMap } from '../pace/bounded-map.ts'
import { readDockerConfig } from './docker-config.ts'
import type { ImageReference } from './parse-reference.ts'
import { configuredLogins, nobody, type RegistryCredential, type RegistryLogin } from './registry-login.ts'

export interface KnownLogins {
  /** In the order in which they are tried, `nobody` among them. */
  readonly logins: readonly RegistryLogin[]
  /** In words: what kept others from being known. */
  readonly trouble: string | null
  /** This one was not refused: it is tried first the next time. */
  readonly worked: (login: RegistryLogin) => void
}

/** Nobody first, then the configuration, then the docker config: unless one of them is known to work for this repository. */
export function createKnownLogins(
  credentials: readonly RegistryCredential[],
  dockerConfig: string | null,
): (reference: ImageReference) => Promise<KnownLogins> {
  const lastIds = createBoundedMap<string, string>(1000)

  return async (reference) => {
    const place = `${reference.host}/${reference.repository}`
    const mounted = dockerConfig === null ? null : await readDockerConfig(dockerConfig, reference)
    const more = mounted?.kind === 'logins' ? mounted.logins : []
    const all = [nobody, ...configuredLogins(credentials, reference.host), ...more]
    const last = lastIds.get(place)
    return {
      logins: [...all.filter(({ id }) => id === last), ...all.filter(({ id }) => id !== last)],
      trouble: mounted?.kind === 'unreadable' ? mounted.why : null,
      worked: ({ id }) => lastIds.set(place, id),
    }
  }
}
