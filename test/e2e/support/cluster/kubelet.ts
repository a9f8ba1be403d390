import { join } from 'node:path'
import { z } from 'zod'
import { eventually } from '../../../support/eventually.ts'
import { freePort } from '../../../support/free-port.ts'
import type { ClusterClient } from './client.ts'
import { isHealthy } from './loopback.ts'
import { kinds } from './object.ts'
import { startPart } from './part.ts'
import type { Workspace } from './workspace.ts'

const stages = join(import.meta.dirname, '../../parts/kwok-stages.yaml')

/** A pretended kubelet with one big node. The tag of an image decides how its pod fares: see the stages' file. */
export async function startKubelet(workspace: Workspace, program: string, kubeconfig: string): Promise<void> {
  const port = await freePort()
  await startPart(workspace, {
    name: 'kwok',
    file: program,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--config=${stages}`,
      '--manage-all-nodes=true',
      // Nobody looks at a node's lease here.
      '--node-lease-duration-seconds=0',
      `--server-address=127.0.0.1:${port}`,
    ],
    // It looks for a configuration of its own at home.
    env: { HOME: await workspace.place('kwok') },
    ready: () => isHealthy(`http://127.0.0.1:${port}/healthz`),
  })
}

/** The node on which every pod lands. */
export async function addNode(client: ClusterClient): Promise<void> {
  const room = { cpu: '1000', memory: '1000Gi', pods: '10000' }
  const node = { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1', type: 'kwok' } }
  await client.apply({ apiVersion: 'v1', kind: 'Node', metadata: node })
  const path = '/api/v1/nodes/node-1/status'
  const contentType = 'application/merge-patch+json'
  const body = JSON.stringify({ status: { allocatable: room, capacity: room } })
  const answer = await client.call({ method: 'PATCH', path, contentType, body })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 500)}`)
}

const nodeStatus = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
})

/** Resolves once pods come up there. */
export async function nodeIsReady(client: ClusterClient): Promise<void> {
  await eventually(async () => {
    const { status } = nodeStatus.parse(await client.get(kinds.node, { name: 'node-1' }))
    return status.conditions.some((one) => one.type === 'Ready' && one.status === 'True')
  })
}
