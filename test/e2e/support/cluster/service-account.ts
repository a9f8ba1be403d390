import { join } from 'node:path'
import { z } from 'zod'
import { type ClusterClient, createClusterClient } from './client.ts'
import { type Connection, writeKubeconfig } from './connection.ts'
import type { Workspace } from './workspace.ts'

/**
 * Lets the API server make a token for a service account, good for a day, and writes a kubeconfig with it.
 * @throws Error when there is no such account.
 */
export async function accountConnection(
  workspace: Workspace,
  admin: Connection,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<{ readonly client: ClusterClient; readonly kubeconfig: string }> {
  const answer = await createClusterClient(admin).call({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: JSON.stringify({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 86_400 },
    }),
  })
  if (answer.status !== 201)
    throw new Error(`A token for ${namespace}/${name}: ${answer.status} ${answer.text.slice(0, 500)}`)
  const { token } = z
    .object({ status: z.object({ token: z.string() }) })
    .parse(JSON.parse(answer.text)).status
  const connection = { ...admin, token }
  const path = join(workspace.folder, `kubeconfig-${namespace}-${name}`)
  return { client: createClusterClient(connection), kubeconfig: await writeKubeconfig(path, connection) }
}
