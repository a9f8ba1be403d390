import { ForbiddenHost } from '../network/checked-lookup.ts'
import { plainRegistryHost } from './parse-reference.ts'
import type { RegistryCredential } from './registry-login.ts'

const dockerOrigin = 'https://registry-1.docker.io'

/** Whether a host is spoken to without TLS: where the operator says so, and on this machine where tests say so. */
export function speaksPlainHttp(
  host: string,
  credentials: readonly Pick<RegistryCredential, 'host' | 'plainHttp'>[],
  allowLoopback: boolean,
): boolean {
  if (allowLoopback && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) return true
  return credentials.some((entry) => entry.plainHttp === true && plainRegistryHost(entry.host) === host)
}

/** Where a registry answers. @throws ForbiddenHost when there is no such host. */
export function registryOrigin(host: string, isPlain: (host: string) => boolean): string {
  if (host === 'docker.io') return dockerOrigin
  const url = `${isPlain(host) ? 'http' : 'https'}://${host}`
  if (!URL.canParse(url)) throw new ForbiddenHost(`${host} is no host`)
  return new URL(url).origin
}
