import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistryHarness } from '../../contract/registry.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import { pushTarget } from '../../support/registry-harness.ts'
import { startTokenServer, type TokenServer } from '../../support/token-server.ts'
import { buildRegistry } from './build-registry.ts'
import { startProcess } from './start-process.ts'

/** Of `registryUser`, made once by golang.org/x/crypto/bcrypt: distribution takes no other hash. */
const htpasswd = 'puller:$2a$05$NmxrCcTJV4Da.esbNhn22OXt5m0r.ECcD5jPJdUiJb0Y.63Qgxbdu\n'

/**
 * Starts a real registry of CNCF distribution on loopback, with its images in a temporary folder.
 * @throws Error with its log when it does not come up within 20 seconds.
 */
export async function startRegistry(auth: RegistryHarness['auth']): Promise<RegistryHarness> {
  const program = await buildRegistry()
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-registry-'))
  const port = await freePort()
  const server = auth === 'token' ? await startTokenServer() : null
  const config = join(folder, 'config.json')
  await writeFile(config, JSON.stringify(await settings(folder, port, auth, server)))
  const registry = startProcess(program, ['serve', config], {
    cwd: folder,
    env: { OTEL_TRACES_EXPORTER: 'none' },
  })
  const url = `http://127.0.0.1:${port}`
  const close = async (): Promise<void> => {
    await registry.stop()
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await eventually(async () => registry.ended() || [200, 401].includes((await fetch(`${url}/v2/`)).status))
    if (registry.ended()) throw new Error('it ended at its start')
  } catch (cause) {
    const said = registry.lastLines()
    await close()
    throw new Error(`The registry did not come up:\n${said}`, { cause })
  }
  const realms = server === null ? [] : [new URL(server.url).host]
  return { auth, target: pushTarget(url, auth, server), realms, close }
}

/** YAML is JSON too. */
async function settings(
  folder: string,
  port: number,
  auth: RegistryHarness['auth'],
  server: TokenServer | null,
): Promise<object> {
  const whole = {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: { addr: `127.0.0.1:${port}`, secret: 'only-on-loopback' },
  }
  if (server !== null) {
    const jwks = join(folder, 'keys.json')
    await writeFile(jwks, server.keys)
    const { service, issuer, url } = server
    return { ...whole, auth: { token: { realm: `${url}/token`, service, issuer, jwks } } }
  }
  if (auth === 'none') return whole
  const path = join(folder, 'htpasswd')
  await writeFile(path, htpasswd)
  return { ...whole, auth: { htpasswd: { realm: 'a registry', path } } }
}
