import { z } from 'zod'
import { runProgram } from '../run-program.ts'
import { createClusterClient } from './client.ts'
import type { Cluster } from './cluster.ts'
import type { Connection } from './connection.ts'
import { kinds } from './object.ts'
import { accountConnection } from './service-account.ts'
import { createWorkspace } from './workspace.ts'

const account = { namespace: 'kube-system', name: 'mayfly-e2e' }

/**
 * The cluster of somebody's kubeconfig, as it is: nothing is installed there but an account for the tests. What it
 * has of Argo CD and Flux is taken; that a forge on loopback can be reached from there is its owner's care.
 */
export async function useForeignCluster(name: string, kubeconfig: string): Promise<Cluster> {
  const admin = await becomeAdministrator(kubeconfig)
  const workspace = await createWorkspace(name)
  const own = await accountConnection(workspace, admin, account)
  return {
    ...own,
    logs: undefined,
    applicationSetWebhook: undefined,
    part: (wanted) => {
      throw new Error(`${wanted} of the cluster in MAYFLY_E2E_KUBECONFIG is not ours to stop.`)
    },
    as: (wanted) => accountConnection(workspace, admin, wanted),
    stop: async () => {
      const client = createClusterClient(admin)
      await client.remove(administrators, { name: account.name })
      await client.remove(kinds.serviceAccount, account)
      await workspace.close()
    },
  }
}

const administrators = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' }

/** A kubeconfig may hold certificates or name programs: kubectl understands them all, and gives a plain token. */
async function becomeAdministrator(kubeconfig: string): Promise<Connection> {
  const kubectl = (...args: readonly string[]) =>
    runProgram('kubectl', [`--kubeconfig=${kubeconfig}`, ...args], {
      whenMissing: 'MAYFLY_E2E_KUBECONFIG needs `kubectl` on the PATH.',
    })
  await kubectl('get', '--raw=/readyz')
  const inNamespace = `--namespace=${account.namespace}`
  const known = await kubectl('get', 'serviceaccount', inNamespace, '--output=name')
  if (!known.includes(`/${account.name}`))
    await kubectl('create', 'serviceaccount', account.name, inNamespace)
  const bound = await kubectl('get', 'clusterrolebinding', '--output=name')
  const subject = `--serviceaccount=${account.namespace}:${account.name}`
  if (!bound.includes(`/${account.name}`))
    await kubectl('create', 'clusterrolebinding', account.name, '--clusterrole=cluster-admin', subject)
  const token = await kubectl('create', 'token', account.name, inNamespace, '--duration=24h')
  return {
    ...serverOf(await kubectl('config', 'view', '--raw', '--minify', '--flatten', '--output=json')),
    token,
  }
}

const config = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
})

function serverOf(text: string): Omit<Connection, 'token'> {
  const [{ cluster }] = config.parse(JSON.parse(text)).clusters
  const authority = Buffer.from(cluster['certificate-authority-data'], 'base64').toString()
  return { url: cluster.server, authority }
}
