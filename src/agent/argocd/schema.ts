import { z } from 'zod'

/** Only the fields of an Argo CD Application (argoproj.io/v1alpha1) that are used; Go writes `null` for an empty list. */
const text = z.string().nullish()

const ArgocdSource = z.looseObject({ repoURL: text, path: text, targetRevision: text })
export type ArgocdSource = z.infer<typeof ArgocdSource>

const ArgocdSources = z.object({ source: ArgocdSource.nullish(), sources: z.array(ArgocdSource).nullish() })
export type ArgocdSources = z.infer<typeof ArgocdSources>

const ComparedTo = ArgocdSources.extend({ destination: z.looseObject({}).nullish() })

const ArgocdCondition = z.object({ type: z.string(), message: text, lastTransitionTime: text })
export type ArgocdCondition = z.infer<typeof ArgocdCondition>

/** One object that the Application manages, as `status.resources` lists it. */
const Resource = z.object({
  kind: z.string(),
  name: z.string(),
  status: text,
  requiresPruning: z.boolean().nullish(),
  /** Absent unless `controller.resource.health.persist` is on. */
  health: z.object({ status: text, message: text }).nullish(),
})
export type Resource = z.infer<typeof Resource>

const SyncedResource = z.object({
  kind: z.string(),
  name: z.string(),
  status: text,
  message: text,
  hookPhase: text,
  hookType: text,
})
export type SyncedResource = z.infer<typeof SyncedResource>

const OperationState = z.object({
  phase: text,
  message: text,
  startedAt: text,
  finishedAt: text,
  retryCount: z.number().nullish(),
  operation: z.object({ sync: ArgocdSources.nullish() }).nullish(),
  syncResult: z.object({ resources: z.array(SyncedResource).nullish() }).nullish(),
})
export type OperationState = z.infer<typeof OperationState>

const SyncHistory = ArgocdSources.extend({
  revision: text,
  revisions: z.array(z.string()).nullish(),
  deployedAt: text,
})
export type SyncHistory = z.infer<typeof SyncHistory>

const Automated = z.object({ prune: z.boolean().nullish(), enabled: z.boolean().nullish() })

export const ArgocdApplication = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).nullish(),
    finalizers: z.array(z.string()).nullish(),
    deletionTimestamp: text,
  }),
  spec: ComparedTo.extend({
    project: text,
    syncPolicy: z
      .object({
        automated: Automated.nullish(),
        retry: z.object({ limit: z.number().nullish() }).nullish(),
        syncOptions: z.array(z.string()).nullish(),
      })
      .nullish(),
  }),
  /** An operation that was asked for and has not ended. */
  operation: z.looseObject({}).nullish(),
  status: z
    .object({
      conditions: z.array(ArgocdCondition).nullish(),
      health: z.object({ status: text, lastTransitionTime: text }).nullish(),
      history: z.array(SyncHistory).nullish(),
      operationState: OperationState.nullish(),
      resources: z.array(Resource).nullish(),
      sync: z
        .object({
          status: text,
          revision: text,
          revisions: z.array(z.string()).nullish(),
          comparedTo: ComparedTo.nullish(),
        })
        .nullish(),
    })
    .nullish(),
})
export type ArgocdApplication = z.infer<typeof ArgocdApplication>

/** The fields of an AppProject that are used. */
export const AppProject = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z
    .object({
      sourceRepos: z.array(z.string()).nullish(),
      destinations: z.array(z.object({ server: text, name: text, namespace: text })).nullish(),
      clusterResourceWhitelist: z.array(z.object({ group: text, kind: text })).nullish(),
    })
    .nullish(),
})
export type AppProject = z.infer<typeof AppProject>
