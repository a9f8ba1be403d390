import { freePort } from '../../../support/free-port.ts'
import { isHealthy } from './loopback.ts'
import { startPart } from './part.ts'
import type { Workspace } from './workspace.ts'

/** The API server's database: Debian's `etcd-server`, which never waits for the disk. Gives its URL. */
export async function startEtcd(workspace: Workspace): Promise<string> {
  const url = `http://127.0.0.1:${await freePort()}`
  const peers = `http://127.0.0.1:${await freePort()}`
  await startPart(workspace, {
    name: 'etcd',
    file: 'etcd',
    args: [
      `--data-dir=${await workspace.place('etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
      '--unsafe-no-fsync',
      '--logger=zap',
    ],
    ready: () => isHealthy(`${url}/health`),
  })
  return url
}
