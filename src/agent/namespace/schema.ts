import { z } from 'zod'

/** Only the fields of Kubernetes' objects that are used; Go writes `null` for an empty list. */
const text = z.string().nullish()
const count = z.number().nullish()

const Owner = z.object({ kind: z.string(), name: z.string(), controller: z.boolean().nullish() })

const Metadata = z.object({
  name: z.string(),
  generation: count,
  creationTimestamp: text,
  deletionTimestamp: text,
  labels: z.record(z.string(), z.string()).nullish(),
  ownerReferences: z.array(Owner).nullish(),
})

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastTransitionTime: text,
})

const Ended = z.object({ exitCode: count, reason: text, message: text })
export type Ended = z.infer<typeof Ended>

const Container = z.object({
  name: z.string(),
  image: text,
  ready: z.boolean().nullish(),
  state: z
    .object({
      waiting: z.object({ reason: text, message: text }).nullish(),
      terminated: Ended.nullish(),
    })
    .nullish(),
  lastState: z.object({ terminated: Ended.nullish() }).nullish(),
})
export type Container = z.infer<typeof Container>

export const Pod = z.object({
  metadata: Metadata,
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      conditions: z.array(Condition).nullish(),
      initContainerStatuses: z.array(Container).nullish(),
      containerStatuses: z.array(Container).nullish(),
    })
    .nullish(),
})
export type Pod = z.infer<typeof Pod>

/** Deployment, StatefulSet, DaemonSet, Job. */
export const Workload = z.object({
  metadata: Metadata,
  spec: z.object({ replicas: count }).nullish(),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      availableReplicas: count,
      conditions: z.array(Condition).nullish(),
    })
    .nullish(),
})
export type Workload = z.infer<typeof Workload>

export const Claim = z.object({ metadata: Metadata, status: z.object({ phase: text }).nullish() })
export type Claim = z.infer<typeof Claim>

export const Event = z.object({
  type: text,
  reason: text,
  message: text,
  involvedObject: z.object({ kind: text, name: text }),
  firstTimestamp: text,
  eventTime: text,
})
export type Event = z.infer<typeof Event>
