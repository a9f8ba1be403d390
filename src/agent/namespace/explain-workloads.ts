import type { KubernetesObject } from '../cluster.ts'
import type { WorkloadReasons } from '../observed.ts'

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

/** Why the workloads of a namespace do not run; null: nothing says so. Never throws. */
export function explainWorkloads(_workloads: Workloads): WorkloadReasons | null {
  return null
}
