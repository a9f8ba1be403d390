import { z } from 'zod'

/** Only the fields of an Argo CD Application (argoproj.io/v1alpha1) that are used; Go writes `null` for an empty list. */
const text = z.string().nullish()

const Source = z.looseObject({ repoURL: text, path: text, targetRevision: text })
export type Source = z.infer<typeof Source>

const Sourced = z.object({ source: Source.nullish(), sources: z.array(Source).nullish() })
export type Sourced = z.infer<typeof Sourced>

const ComparedTo = Sourced.extend({ destination: z.looseObject({}).nullish() })

const Condition = z.object({ type: z.string(), message: text, lastTransitionTime: text })
export type Condition = z.infer<typeof Condition>

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
  operation: z.object({ sync: Sourced.nullish() }).nullish(),
  syncResult: z.object({ resources: z.array(SyncedResource).nullish() }).nullish(),
})
export type OperationState = z.infer<typeof OperationState>

const History = Sourced.extend({
  revision: text,
  revisions: z.array(z.string()).nullish(),
  deployedAt: text,
})
export type History = z.infer<typeof History>

const Automated = z.object({ prune: z.boolean().nullish(), enabled: z.boolean().nullish() })

export const Application = z.object({
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
      conditions: z.array(Condition).nullish(),
      health: z.object({ status: text, lastTransitionTime: text }).nullish(),
      history: z.array(History).nullish(),
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
export type Application = z.infer<typeof Application>

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
