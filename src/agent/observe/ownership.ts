import { z } from 'zod'
import { type PreviewId, parsePreviewId, previewId } from '../../preview/preview-id.ts'
import type { KubernetesObject } from '../cluster.ts'

/** What every object tells that Mayfly wrote a manifest for. */
export interface Ownership {
  /** Null: none of ours, or somebody changed it. */
  readonly preview: PreviewId | null
  readonly kind: string
  readonly name: string
  readonly namespace: string | null
  readonly annotations: Readonly<Record<string, string>>
  /** Somebody is taking it away. */
  readonly leaving: boolean
}

const schema = z.object({
  kind: z.string().catch(''),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
    deletionTimestamp: z.string().nullish(),
  }),
})

/** Null: it is no object of Kubernetes. */
export function ownershipOf(object: KubernetesObject): Ownership | null {
  const read = schema.safeParse(object)
  if (!read.success) return null
  const { kind, metadata } = read.data
  const parts = parsePreviewId(metadata.annotations?.['mayfly.dev/preview'] ?? '')
  return {
    preview: parts === undefined ? null : previewId(parts.application, parts.number),
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? null,
    annotations: metadata.annotations ?? {},
    leaving: Boolean(metadata.deletionTimestamp),
  }
}

/** For people, for example `Application argocd/shop-142-cart`. */
export function displayName({ kind, namespace, name }: Ownership): string {
  return namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`
}
