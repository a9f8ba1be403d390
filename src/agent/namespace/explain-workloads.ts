import type { Observation } from '../../preview/observation.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { Reasons } from '../observed.ts'

/** What stands in one namespace, as far as we may read it; a list that may not be read is empty. */
export interface Workloads {
  readonly deployments: readonly KubernetesObject[]
  readonly statefulSets: readonly KubernetesObject[]
  readonly daemonSets: readonly KubernetesObject[]
  readonly jobs: readonly KubernetesObject[]
  readonly pods: readonly KubernetesObject[]
  readonly claims: readonly KubernetesObject[]
  readonly events: readonly KubernetesObject[]
}

/** `down`: every workload that should serve has no available Pod, so an older version does not serve either. */
export type WorkloadReasons = Reasons & { readonly down: boolean }

/** Why the workloads of a namespace do not run; null: nothing says so. Never throws. */
export function explainWorkloads(_workloads: Workloads): WorkloadReasons | null {
  return null
}

/** The observation with the namespace's own reasons put first: the agent often knows only that something is not healthy. */
export function withWorkloads(observation: Observation, _reasons: WorkloadReasons | null): Observation {
  return observation
}
