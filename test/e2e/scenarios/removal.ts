import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { argocdNamespace } from '../support/cluster/argocd.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import { fluxNamespace } from '../support/cluster/flux.ts'
import { kinds } from '../support/cluster/object.ts'
import { rootIsAtRest } from '../support/cluster/root-state.ts'
import { comesUp, short } from '../support/comment-words.ts'
import { meanwhile } from '../support/meanwhile.ts'
import { type OpenedPreview, soon } from '../support/opened-preview.ts'
import type { Scene } from '../support/scene.ts'
import { startingWorkload } from '../support/workload.ts'

const hold = 'acme.example/hold'
const keepsake = (namespace: string) => ({ name: 'keepsake', namespace })

/** Before there is any other. */
export function removalOfTheOnlyOne(scene: () => Scene): void {
  it('the only preview is closed: all of it is gone before Removed is said, and the root stays well', async () => {
    const { cluster, mayfly, open } = scene()
    const preview = await open('gone')
    await preview.says('Ready', short(preview.sha))
    await meanwhile(
      () => removedIsTrue(preview),
      async () => {
        await preview.close()
        await preview.says('Removed', 'namespace included')
      },
    )
    expect(await preview.manifest()).toBeUndefined()
    expect(await preview.record()).toMatchObject({ state: 'removed' })
    // What stays in the directory, so that an agent prunes the last preview too.
    const namespace = { argocd: argocdNamespace, flux: fluxNamespace }[mayfly.kind]
    expect(await cluster.client.get(kinds.configMap, { name: 'mayfly', namespace })).toBeDefined()
    await rootIsAtRest(cluster.client, mayfly.kind)
  })
}

/** Flux's controller begins anew meanwhile. */
export function removalWhileDeploying(scene: () => Scene): void {
  it('is closed while it is deploying', async ({ skip }) => {
    const { cluster, mayfly, open } = scene()
    const isFlux = mayfly.kind === 'flux'
    skip(isFlux && cluster.logs === undefined, 'the Flux of MAYFLY_E2E_KUBECONFIG is not ours to stop')
    const preview = await open('hasty')
    await preview.says('Ready', short(preview.sha))
    const pushed = await preview.pushFiles({ 'deploy/web.yaml': startingWorkload })
    await preview.says(comesUp, short(pushed))
    await meanwhile(
      () => removedIsTrue(preview),
      async () => {
        await preview.close()
        if (isFlux) await endHealthCheck(cluster, preview)
        await preview.says('Removed', 'namespace included')
      },
    )
    expect(await preview.manifest()).toBeUndefined()
  })
}

export function removal(scene: () => Scene): void {
  it('law 11: a namespace that a finalizer holds is explained, holds up nobody else, and a new life waits for its end', async () => {
    const { cluster, open } = scene()
    const preview = await open('held')
    await preview.says('Ready', short(preview.sha))
    await cluster.client.apply({
      ...kinds.configMap,
      metadata: { ...keepsake(preview.namespace), finalizers: [hold] },
    })
    await preview.close()
    const comment = await preview.says('Removing', `\`${hold}\``)
    expect(comment).toContain('1 configmaps')
    expect(comment).toContain('never removes a finalizer')
    const record = await preview.record()
    expect(record).toMatchObject({ state: 'removing' })
    expect(record?.message).toContain(hold)
    expect(await metrics(scene())).toContain('mayfly_namespaces_terminating{held="true"} 1')

    const other = await open('beside')
    await other.says('Ready', short(other.sha))
    await preview.reopen()
    await preview.says('Waiting', 'old namespace', hold)
    expect(await preview.record()).toMatchObject({ state: 'waiting' })
    expect(await preview.manifest()).toBeUndefined()
    expect(await preview.namespaceObject()).toBeDefined()

    await cluster.client.patch(kinds.configMap, keepsake(preview.namespace), {
      metadata: { finalizers: null },
    })
    await preview.says('Ready', short(preview.sha))
    await eventually(async () => {
      expect(await metrics(scene())).toContain('mayfly_namespaces_terminating{held="true"} 0')
    }, soon)
  })
}

/** At the first moment that anybody is told of the end, nothing is there any more. */
async function removedIsTrue(preview: OpenedPreview): Promise<void> {
  const told = [await preview.comment(), (await preview.record())?.state]
  if (!told[0]?.includes('Removed') && told[1] !== 'removed') return
  expect(await preview.namespaceObject()).toBeUndefined()
  expect(await preview.agentObject()).toBeUndefined()
}

/** Flux deletes nothing before its health check ends, up to `timeout`; a controller that begins anew does it at once. */
async function endHealthCheck(cluster: Cluster, preview: OpenedPreview): Promise<void> {
  await preview.says('Removing', 'still waits for the workload')
  const controller = cluster.part('flux-kustomize-controller')
  await controller.stop()
  await controller.start()
}

async function metrics({ mayfly }: Scene): Promise<string> {
  return (await fetch(`${mayfly.url}/metrics`)).text()
}
