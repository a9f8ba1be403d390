import { randomBytes } from 'node:crypto'
import { delimiter, join } from 'node:path'
import { freePort } from '../../../support/free-port.ts'
import type { ClusterBuild } from './build.ts'
import type { ClusterClient } from './client.ts'
import { acceptsConnections, isHealthy } from './loopback.ts'
import { addNamespace, applyFolder, untilServed } from './manifests.ts'
import { kinds } from './object.ts'
import { startPart } from './part.ts'
import { together } from './together.ts'
import type { Workspace } from './workspace.ts'

export const argocdNamespace = 'argocd'

/** Its kinds, its own settings as it ships them, a key for its sessions, and the project that everything may use. */
export async function installArgocd(client: ClusterClient, build: ClusterBuild): Promise<void> {
  const manifests = join(build.argocdSources, 'manifests')
  await applyFolder(client, join(manifests, 'crds'), argocdNamespace)
  await addNamespace(client, argocdNamespace)
  await applyFolder(client, join(manifests, 'base/config'), argocdNamespace)
  await client.patch(
    kinds.secret,
    { name: 'argocd-secret', namespace: argocdNamespace },
    { stringData: { 'server.secretkey': randomBytes(32).toString('base64') } },
  )
  await untilServed(client, kinds.application, kinds.applicationSet, kinds.appProject)
  await client.apply({
    ...kinds.appProject,
    metadata: { name: 'default', namespace: argocdNamespace },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  })
}

export interface Argocd {
  /** Where the ApplicationSet controller takes a forge's webhooks. */
  readonly webhookUrl: string
}

/** Its repository server with a Redis, the application controller and the ApplicationSet controller. */
export async function startArgocd(
  workspace: Workspace,
  build: ClusterBuild,
  kubeconfig: string,
): Promise<Argocd> {
  const redisPort = await freePort()
  await startPart(workspace, {
    name: 'argocd-redis',
    file: 'redis-server',
    args: ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--dir', workspace.folder, '--save', ''],
    ready: () => acceptsConnections(redisPort),
  })
  const role = await argocdRole(workspace, build, kubeconfig)
  const repositories = await freePort()
  const webhook = `127.0.0.1:${await freePort()}`
  const repositoryServer = `127.0.0.1:${repositories}`
  const redisAddress = `--redis=127.0.0.1:${redisPort}`
  const plaintext = '--repo-server-plaintext'
  await together([
    role('repo-server', '/healthz', (port) => [
      '--address=127.0.0.1',
      `--port=${repositories}`,
      '--metrics-address=127.0.0.1',
      `--metrics-port=${port}`,
      '--disable-tls',
      redisAddress,
    ]),
    role('application-controller', '/healthz', (port) => [
      `--metrics-port=${port}`,
      `--namespace=${argocdNamespace}`,
      `--repo-server=${repositoryServer}`,
      plaintext,
      redisAddress,
    ]),
    // It answers nothing at its probes' address.
    role('applicationset-controller', '/metrics', (port) => [
      `--metrics-addr=127.0.0.1:${port}`,
      '--probe-addr=127.0.0.1:0',
      `--webhook-addr=${webhook}`,
      `--namespace=${argocdNamespace}`,
      `--argocd-repo-server=${repositoryServer}`,
      plaintext,
    ]),
  ])
  return { webhookUrl: `http://${webhook}/api/webhook` }
}

type StartRole = (
  name: string,
  /** Answers 200 when it serves. */
  page: string,
  args: (port: number) => readonly string[],
) => Promise<void>

/** One program plays every role of Argo CD; the environment says which. */
async function argocdRole(workspace: Workspace, build: ClusterBuild, kubeconfig: string): Promise<StartRole> {
  const env = await argocdEnvironment(workspace, build, kubeconfig)
  return async (name, page, args) => {
    const port = await freePort()
    await startPart(workspace, {
      name: `argocd-${name}`,
      file: join(build.programs, 'argocd'),
      args: args(port),
      env: { ...env, ARGOCD_BINARY_NAME: `argocd-${name}` },
      ready: () => isHealthy(`http://127.0.0.1:${port}${page}`),
    })
  }
}

async function argocdEnvironment(
  workspace: Workspace,
  build: ClusterBuild,
  kubeconfig: string,
): Promise<Record<string, string>> {
  const place = (name: string) => workspace.place('argocd', name)
  return {
    // helm, kustomize, and argocd itself, which git asks for passwords.
    PATH: [build.programs, process.env['PATH'] ?? ''].join(delimiter),
    HOME: await place('home'),
    TMPDIR: await place('tmp'),
    KUBECONFIG: kubeconfig,
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_TLS_DATA_PATH: await place('tls'),
    ARGOCD_SSH_DATA_PATH: await place('ssh'),
    ARGOCD_PLUGINSOCKFILEPATH: await place('plugins'),
    ARGOCD_ASK_PASS_SOCK: join(await place('askpass'), 'socket'),
  }
}
