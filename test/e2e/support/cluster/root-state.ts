import { expect } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import type { AgentKind } from '../installation.ts'
import { applicationState } from './application-state.ts'
import type { ClusterClient } from './client.ts'
import { fluxNamespace } from './flux.ts'
import { fluxState } from './flux-state.ts'
import { kinds } from './object.ts'

/** Waits until the root has applied all that is committed, and says nothing is wrong. */
export async function rootIsAtRest(client: ClusterClient, agent: AgentKind): Promise<void> {
  await eventually(
    async () => {
      if (agent === 'argocd')
        expect(await applicationState(client, 'previews')).toMatchObject({
          ...{ sync: 'Synced', health: 'Healthy', conditions: [] },
        })
      else
        expect(
          await fluxState(client, kinds.kustomization, { name: 'previews', namespace: fluxNamespace }),
        ).toMatchObject({ ready: 'True' })
    },
    { withinMs: 60_000, everyMs: 100 },
  )
}
