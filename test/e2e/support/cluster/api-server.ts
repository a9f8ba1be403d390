import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../../support/free-port.ts'
import type { Connection } from './connection.ts'
import { isHealthy } from './loopback.ts'
import { startPart } from './part.ts'
import type { Workspace } from './workspace.ts'

export interface ApiServer {
  /** As a cluster administrator. */
  readonly admin: Connection
  /** PEM file that signs the tokens of service accounts. */
  readonly accountKey: string
}

/** A kube-apiserver with RBAC on; it makes its own certificate, which a restart keeps. */
export async function startApiServer(
  workspace: Workspace,
  programs: string,
  etcd: string,
): Promise<ApiServer> {
  const folder = await workspace.place('kube-apiserver')
  const accountKey = await writeAccountKey(folder)
  const token = randomUUID()
  const tokens = join(folder, 'tokens.csv')
  await writeFile(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 })
  const port = await freePort()
  const url = `https://127.0.0.1:${port}`
  await startPart(workspace, {
    name: 'kube-apiserver',
    file: join(programs, 'kube-apiserver'),
    args: [
      `--etcd-servers=${etcd}`,
      `--secure-port=${port}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      // A cluster must not be told that its API server lives on loopback.
      '--endpoint-reconciler-type=none',
      // Streamed lists need a newer etcd than Debian's; clients that are told so list in the plain way.
      '--feature-gates=WatchList=false',
      // No node controller runs that would take the taint of a new node away again.
      '--disable-admission-plugins=TaintNodesByCondition',
      `--cert-dir=${folder}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${accountKey}`,
      `--service-account-signing-key-file=${accountKey}`,
      `--token-auth-file=${tokens}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.96.0.0/16',
    ],
    ready: () => isHealthy(`${url}/readyz`),
  })
  const authority = await readFile(join(folder, 'apiserver.crt'), 'utf8')
  return { admin: { url, authority, token }, accountKey }
}

async function writeAccountKey(folder: string): Promise<string> {
  const path = join(folder, 'service-accounts.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return path
}
