import { z } from 'zod'

/** Only the fields of Flux's objects that are used (kustomize v1, helm v2, source v1); Go writes `null` for an empty list. */
const text = z.string().nullish()

const FluxCondition = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  observedGeneration: z.number().nullish(),
  lastTransitionTime: text,
})
export type FluxCondition = z.infer<typeof FluxCondition>

const Reference = z.object({ kind: text, name: z.string(), namespace: text })
export type Reference = z.infer<typeof Reference>

const Metadata = z.object({
  name: z.string(),
  namespace: text,
  generation: z.number().nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  deletionTimestamp: text,
})

const Status = z.object({
  conditions: z.array(FluxCondition).nullish(),
  /** The newest generation that became ready, or stalled. */
  observedGeneration: z.number().nullish(),
})

/** What all of Flux's objects have. */
export const FluxObject = z.object({
  metadata: Metadata,
  spec: z.object({ suspend: z.boolean().nullish() }),
  status: Status.nullish(),
})
export type FluxObject = z.infer<typeof FluxObject>

export const Kustomization = FluxObject.extend({
  spec: z.object({
    suspend: z.boolean().nullish(),
    path: text,
    prune: z.boolean().nullish(),
    wait: z.boolean().nullish(),
    healthChecks: z.array(z.looseObject({})).nullish(),
    healthCheckExprs: z.array(z.looseObject({})).nullish(),
    targetNamespace: text,
    sourceRef: Reference,
  }),
  status: Status.extend({
    lastAppliedRevision: text,
    lastAttemptedRevision: text,
    /** One entry for each different build, newest first. */
    history: z
      .array(
        z.object({
          firstReconciled: text,
          lastReconciledStatus: text,
          metadata: z.record(z.string(), z.string()).nullish(),
        }),
      )
      .nullish(),
  }).nullish(),
})
export type Kustomization = z.infer<typeof Kustomization>

export const HelmRelease = FluxObject.extend({
  spec: z.object({
    suspend: z.boolean().nullish(),
    chartRef: Reference.nullish(),
    chart: z.object({ spec: z.object({ reconcileStrategy: text, sourceRef: Reference }) }).nullish(),
  }),
  status: Status.extend({
    lastAttemptedRevision: text,
    lastAttemptedRevisionDigest: text,
    /** Newest first. */
    history: z.array(z.object({ chartVersion: text, status: text })).nullish(),
  }).nullish(),
})
export type HelmRelease = z.infer<typeof HelmRelease>

/** GitRepository, OCIRepository, HelmRepository, Bucket. */
export const FluxSource = FluxObject.extend({
  kind: z.string(),
  spec: z.object({
    suspend: z.boolean().nullish(),
    url: text,
    /** Of a HelmRepository: `oci` ones have no status at all. */
    type: text,
    ref: z.object({ branch: text, commit: text }).nullish(),
  }),
  status: Status.extend({ artifact: z.object({ revision: text }).nullish() }).nullish(),
})
export type FluxSource = z.infer<typeof FluxSource>
