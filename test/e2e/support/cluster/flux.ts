import { join } from 'node:path'
import { freePort } from '../../../support/free-port.ts'
import type { ClusterBuild } from './build.ts'
import type { ClusterClient } from './client.ts'
import { isHealthy } from './loopback.ts'
import { addNamespace, applyFolder, untilServed } from './manifests.ts'
import { kinds } from './object.ts'
import { startPart } from './part.ts'
import { together } from './together.ts'
import type { Workspace } from './workspace.ts'

export const fluxNamespace = 'flux-system'

export async function installFlux(client: ClusterClient, build: ClusterBuild): Promise<void> {
  await addNamespace(client, fluxNamespace)
  for (const { sources } of [build.fluxSource, build.fluxKustomize, build.fluxHelm])
    await applyFolder(client, join(sources, 'config/crd/bases'), fluxNamespace)
  await untilServed(client, kinds.gitRepository, kinds.kustomization, kinds.helmRelease)
}

/** The source-controller, the kustomize-controller and the helm-controller. */
export async function startFlux(
  workspace: Workspace,
  build: ClusterBuild,
  kubeconfig: string,
): Promise<void> {
  const storage = `127.0.0.1:${await freePort()}`
  const start = async (program: string, args: readonly string[]) => {
    const name = program.split('/').at(-1) ?? program
    const port = await freePort()
    await startPart(workspace, {
      name: `flux-${name}`,
      file: program,
      args: [
        '--watch-all-namespaces=true',
        '--events-addr=',
        '--metrics-addr=127.0.0.1:0',
        `--health-addr=127.0.0.1:${port}`,
        ...args,
      ],
      env: {
        KUBECONFIG: kubeconfig,
        RUNTIME_NAMESPACE: fluxNamespace,
        HOME: await workspace.place(name, 'home'),
        TMPDIR: await workspace.place(name, 'tmp'),
      },
      ready: () => isHealthy(`http://127.0.0.1:${port}/readyz`),
    })
  }
  await together([
    start(build.fluxSource.program, [
      `--storage-path=${await workspace.place('source-controller', 'storage')}`,
      `--storage-addr=${storage}`,
      `--storage-adv-addr=${storage}`,
    ]),
    start(build.fluxKustomize.program, []),
    start(build.fluxHelm.program, []),
  ])
}
