import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'

/** How somebody reaches the API server. */
export interface Connection {
  /** For example `https://127.0.0.1:41235`. */
  readonly url: string
  /** PEM of who signed its certificate. */
  readonly authority: string
  readonly token: string
}

/** Writes a kubeconfig with one context, `e2e`, and gives its path. */
export async function writeKubeconfig(path: string, connection: Connection): Promise<string> {
  const { url, authority, token } = connection
  const certificate = Buffer.from(authority).toString('base64')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster: { server: url, 'certificate-authority-data': certificate } }],
    users: [{ name: 'e2e', user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
    'current-context': 'e2e',
  }
  await writeFile(path, stringify(config), { mode: 0o600 })
  return path
}
