import { z } from 'zod'
import { runProgram } from '../run-program.ts'
import type { Cluster } from './cluster.ts'
import type { Connection } from './connection.ts'
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
      // Not as that account: it cannot take its own rights away and go on.
      const inNamespace = `--namespace=${account.namespace}`
      await kubectl(kubeconfig, 'delete', 'clusterrolebinding', account.name)
      await kubectl(kubeconfig, 'delete', 'serviceaccount', account.name, inNamespace)
      await workspace.close()
    },
  }
}

/** A kubeconfig may hold certificates or name programs: kubectl understands them all, and gives a plain token. */
async function becomeAdministrator(kubeconfig: string): Promise<Connection> {
  const ask = (...args: readonly string[]) => kubectl(kubeconfig, ...args)
  const inNamespace = `--namespace=${account.namespace}`
  const known = await ask('get', 'serviceaccount', inNamespace, '--output=name')
  if (!known.includes(`/${account.name}`)) await ask('create', 'serviceaccount', account.name, inNamespace)
  const bound = await ask('get', 'clusterrolebinding', '--output=name')
  const subject = `--serviceaccount=${account.namespace}:${account.name}`
  if (!bound.includes(`/${account.name}`))
    await ask('create', 'clusterrolebinding', account.name, '--clusterrole=cluster-admin', subject)
  const token = await ask('create', 'token', account.name, inNamespace, '--duration=24h')
  return {
    ...serverOf(await ask('config', 'view', '--raw', '--minify', '--flatten', '--output=json')),
    token,
  }
}

async function kubectl(kubeconfig: string, ...args: readonly string[]): Promise<string> {
  return await runProgram('kubectl', [`--kubeconfig=${kubeconfig}`, ...args], {
    whenMissing: 'MAYFLY_E2E_KUBECONFIG needs `kubectl` on the PATH.',
  })
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
