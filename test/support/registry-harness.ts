import { z } from 'zod'
import type { RegistryHarness } from '../contract/registry.ts'
import type { PushTarget } from './push-image.ts'
import { type RegistryAuth, startStandInRegistry } from './stand-in-registry.ts'
import { basicHeader, registryUser, startTokenServer, type TokenServer } from './token-server.ts'

/** A registry of our own on this machine. */
export async function standInHarness(kind: RegistryHarness['auth']): Promise<RegistryHarness> {
  const server = kind === 'token' ? await startTokenServer() : null
  const auth: RegistryAuth =
    server === null ? { kind: kind === 'basic' ? 'basic' : 'none' } : { kind: 'token', server }
  const registry = await startStandInRegistry(auth)
  return {
    auth: kind,
    target: pushTarget(registry.url, kind, server),
    realms: server === null ? [] : [new URL(server.url).host],
    async close() {
      await registry.close()
      await server?.close()
    },
  }
}

/** How images are pushed to a registry that wants to know who does. */
export function pushTarget(
  url: string,
  kind: RegistryHarness['auth'],
  server: Pick<TokenServer, 'url' | 'service'> | null,
): PushTarget {
  return {
    url,
    async authorization(repository) {
      if (server === null) return kind === 'basic' ? basicHeader(registryUser) : null
      const query = new URLSearchParams({
        service: server.service,
        scope: `repository:${repository}:pull,push`,
      })
      const response = await fetch(`${server.url}/token?${query.toString()}`, {
        headers: { authorization: basicHeader(registryUser) },
      })
      return `Bearer ${z.object({ token: z.string() }).parse(await response.json()).token}`
    },
  }
}
