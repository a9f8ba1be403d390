import { join } from 'node:path'
import { freePort } from '../../../support/free-port.ts'
import { isHealthy } from './loopback.ts'
import { startPart } from './part.ts'
import { together } from './together.ts'
import type { Workspace } from './workspace.ts'

export interface ControllersOptions {
  readonly programs: string
  readonly kubeconfig: string
  readonly accountKey: string
}

/** What makes pods of Deployments and Jobs, gives them a node, and empties namespaces that are removed. */
export async function startControllers(
  workspace: Workspace,
  { programs, kubeconfig, accountKey }: ControllersOptions,
): Promise<void> {
  const start = async (name: string, args: readonly string[]) => {
    const port = await freePort()
    await startPart(workspace, {
      name,
      file: join(programs, name),
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--authentication-kubeconfig=${kubeconfig}`,
        `--authorization-kubeconfig=${kubeconfig}`,
        `--secure-port=${port}`,
        '--bind-address=127.0.0.1',
        `--cert-dir=${await workspace.place(name)}`,
        '--leader-elect=false',
        ...args,
      ],
      ready: () => isHealthy(`https://127.0.0.1:${port}/healthz`),
    })
  }
  await together([
    start('kube-controller-manager', [
      `--service-account-private-key-file=${accountKey}`,
      '--use-service-account-credentials',
      // No cloud, and nodes without a kubelet that would report.
      '--controllers=*,-nodeipam,-nodelifecycle,-route,-cloud-node-lifecycle',
    ]),
    start('kube-scheduler', []),
  ])
}
