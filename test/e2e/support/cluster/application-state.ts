import { z } from 'zod'
import type { ClusterClient } from './client.ts'
import { argocdNamespace } from './argocd.ts'
import { kinds } from './object.ts'

const status = z.object({
  sync: z.object({ status: z.string(), revision: z.string().optional() }).optional(),
  health: z.object({ status: z.string().optional() }).optional(),
  operationState: z.object({ phase: z.string(), message: z.string().optional() }).optional(),
  conditions: z.array(z.object({ type: z.string(), message: z.string() })).optional(),
})

/** What Argo CD says of an Application, undefined where it says nothing (yet). */
export interface ApplicationState {
  readonly sync: string | undefined
  readonly revision: string | undefined
  readonly health: string | undefined
  readonly phase: string | undefined
  readonly message: string | undefined
  /** As `type: message`. */
  readonly conditions: readonly string[]
}

/** Undefined when there is no such Application. */
export async function applicationState(
  client: ClusterClient,
  name: string,
): Promise<ApplicationState | undefined> {
  const application = await client.get(kinds.application, { name, namespace: argocdNamespace })
  if (application === undefined) return undefined
  const { sync, health, operationState, conditions = [] } = status.parse(application['status'] ?? {})
  return {
    sync: sync?.status,
    revision: sync?.revision,
    health: health?.status,
    phase: operationState?.phase,
    message: operationState?.message,
    conditions: conditions.map(({ type, message }) => `${type}: ${message}`),
  }
}

/** Lets Argo CD look at Git at once instead of in some minutes. */
export async function refreshApplication(client: ClusterClient, name: string): Promise<void> {
  const annotations = { 'argocd.argoproj.io/refresh': 'normal' }
  await client.patch(kinds.application, { name, namespace: argocdNamespace }, { metadata: { annotations } })
}
