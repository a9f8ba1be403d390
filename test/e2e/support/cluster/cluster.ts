import { join } from 'node:path'
import { eventually } from '../../../support/eventually.ts'
import { startApiServer } from './api-server.ts'
import { type Argocd, installArgocd, startArgocd } from './argocd.ts'
import { buildCluster, type ClusterBuild } from './build.ts'
import { type ClusterClient, createClusterClient } from './client.ts'
import { type Connection, writeKubeconfig } from './connection.ts'
import { startControllers } from './controllers.ts'
import { startEtcd } from './etcd.ts'
import { useForeignCluster } from './foreign.ts'
import { installFlux, startFlux } from './flux.ts'
import { addNode, nodeIsReady, startKubelet } from './kubelet.ts'
import { kinds } from './object.ts'
import type { Part } from './part.ts'
import { accountConnection } from './service-account.ts'
import { together } from './together.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** A real control plane with Argo CD and Flux. */
export interface Cluster {
  /** Path of a kubeconfig of an administrator; its only context is `e2e`. */
  readonly kubeconfig: string
  /** As that administrator. */
  readonly client: ClusterClient
  /** The folder of the parts' logs; undefined for a cluster that we did not start. */
  readonly logs: string | undefined
  /** Where Argo CD's ApplicationSet controller takes webhooks; undefined for a cluster that we did not start. */
  readonly applicationSetWebhook: string | undefined
  /**
   * A server that can be stopped and started again, for example `kube-apiserver` or `argocd-application-controller`.
   * @throws Error when there is none of that name, as in a cluster that we did not start.
   */
  part(name: string): Part
  /** A client and the path of a kubeconfig of a service account, which must exist. */
  as(account: {
    readonly namespace: string
    readonly name: string
  }): Promise<{ readonly client: ClusterClient; readonly kubeconfig: string }>
  /** Ends every part and removes the state; the logs stay. */
  stop(): Promise<void>
}

/**
 * Boots a cluster on loopback, some 20 s after a first build of minutes; with MAYFLY_E2E_KUBECONFIG it uses that one.
 * `name` is the folder of its logs: take the test file's.
 * @throws Error with the last lines of the part that did not come up.
 */
export async function startCluster(name: string): Promise<Cluster> {
  const given = process.env['MAYFLY_E2E_KUBECONFIG']
  if (given !== undefined && given !== '') return await useForeignCluster(name, given)
  const build = await buildCluster()
  const workspace = await createWorkspace(name)
  const began = Date.now()
  try {
    const plane = await startControlPlane(workspace, build)
    const { webhookUrl } = await startAgents(workspace, build, plane)
    console.log(
      `The cluster is up after ${Math.round((Date.now() - began) / 1000)} s; logs: ${workspace.logs}`,
    )
    return {
      ...plane,
      logs: workspace.logs,
      applicationSetWebhook: webhookUrl,
      part: (wanted) => partOf(workspace.parts, wanted),
      as: (account) => accountConnection(workspace, plane.admin, account),
      stop: () => workspace.close(),
    }
  } catch (error) {
    await workspace.close()
    throw error
  }
}

interface ControlPlane {
  readonly admin: Connection
  readonly client: ClusterClient
  readonly kubeconfig: string
}

async function startControlPlane(
  workspace: Workspace,
  { programs, kwok }: ClusterBuild,
): Promise<ControlPlane> {
  const etcd = await startEtcd(workspace)
  const { admin, accountKey } = await startApiServer(workspace, programs, etcd)
  const client = createClusterClient(admin)
  const kubeconfig = await writeKubeconfig(join(workspace.folder, 'kubeconfig'), admin)
  await addNode(client)
  await together([
    startControllers(workspace, { programs, kubeconfig, accountKey }),
    startKubelet(workspace, kwok, kubeconfig),
  ])
  await nodeIsReady(client)
  // Without it the first pods of a namespace are refused.
  await eventually(() =>
    client
      .get(kinds.serviceAccount, { name: 'default', namespace: 'default' })
      .then((account) => account !== undefined),
  )
  return { admin, client, kubeconfig }
}

async function startAgents(
  workspace: Workspace,
  build: ClusterBuild,
  { client, kubeconfig }: ControlPlane,
): Promise<Argocd> {
  await installArgocd(client, build)
  await installFlux(client, build)
  const [argocd] = await together([
    startArgocd(workspace, build, kubeconfig),
    startFlux(workspace, build, kubeconfig),
  ])
  return argocd
}

function partOf(parts: readonly Part[], name: string): Part {
  const part = parts.find((each) => each.name === name)
  if (part !== undefined) return part
  throw new Error(`There is no part ${name}; there are ${parts.map((each) => each.name).join(', ')}.`)
}
