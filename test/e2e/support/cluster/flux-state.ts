import { z } from 'zod'
import type { ClusterClient } from './client.ts'
import { type Kind, kinds, type Name } from './object.ts'

const status = z.object({
  conditions: z
    .array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }))
    .optional(),
  lastAppliedRevision: z.string().optional(),
  artifact: z.object({ revision: z.string() }).optional(),
})

/** What Flux says of a GitRepository or a Kustomization, undefined where it says nothing (yet). */
export interface FluxState {
  /** Of the condition `Ready`: `True`, `False` or `Unknown`. */
  readonly ready: string | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
  /** What was applied or fetched last, as `branch@sha1:<sha>`. */
  readonly revision: string | undefined
}

/** Undefined when there is no such object. */
export async function fluxState(
  client: ClusterClient,
  kind: Kind,
  name: Name,
): Promise<FluxState | undefined> {
  const object = await client.get(kind, name)
  if (object === undefined) return undefined
  const { conditions = [], lastAppliedRevision, artifact } = status.parse(object['status'] ?? {})
  const ready = conditions.find(({ type }) => type === 'Ready')
  return {
    ready: ready?.status,
    reason: ready?.reason,
    message: ready?.message,
    revision: lastAppliedRevision ?? artifact?.revision,
  }
}

/** Lets the source-controller look at Git at once; Kustomizations follow their source by themselves. */
export async function requestFetch(client: ClusterClient, name: Name): Promise<void> {
  const annotations = { 'reconcile.fluxcd.io/requestedAt': new Date().toISOString() }
  await client.patch(kinds.gitRepository, name, { metadata: { annotations } })
}
