import { expect } from 'vitest'
import { z } from 'zod'
import { eventually } from '../../../support/eventually.ts'
import { agentObjects, soon } from '../opened-preview.ts'
import type { AgentKind } from '../installation.ts'
import type { ClusterClient } from './client.ts'

const handled = z.object({
  status: z.object({
    lastHandledReconcileAt: z.string(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })),
  }),
})

/** Lets the agent compare a preview with Git, and waits: Argo CD sees every change by itself, Flux only at its interval. */
export async function reconcileNow(client: ClusterClient, agent: AgentKind, name: string): Promise<void> {
  if (agent === 'argocd') return
  const { kind, namespace } = agentObjects.flux
  const requested = new Date().toISOString()
  const annotations = { 'reconcile.fluxcd.io/requestedAt': requested }
  await client.patch(kind, { name, namespace }, { metadata: { annotations } })
  await eventually(async () => {
    const { status } = handled.parse(await client.get(kind, { name, namespace }))
    expect(status.lastHandledReconcileAt).toBe(requested)
    expect(status.conditions).not.toContainEqual({ type: 'Ready', status: 'Unknown' })
  }, soon)
}

/** As people pause an agent: no automated sync, or `flux suspend`. */
export async function pauseRoot(client: ClusterClient, agent: AgentKind): Promise<void> {
  await patchRoot(client, agent, { argocd: { syncPolicy: { automated: null } }, flux: { suspend: true } })
}

export async function resumeRoot(client: ClusterClient, agent: AgentKind): Promise<void> {
  const automated = { prune: true, selfHeal: true }
  await patchRoot(client, agent, { argocd: { syncPolicy: { automated } }, flux: { suspend: null } })
}

async function patchRoot(
  client: ClusterClient,
  agent: AgentKind,
  specs: Readonly<Record<AgentKind, object>>,
): Promise<void> {
  const { kind, namespace } = agentObjects[agent]
  await client.patch(kind, { name: 'previews', namespace }, { spec: specs[agent] })
}
