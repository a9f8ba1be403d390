import type { KubernetesObject } from '../cluster.ts'
import type { WorkloadReasons } from '../observe/observed.ts'
import { distinctLines } from '../observe/clean-message.ts'
import { podReasons } from './pod-reasons.ts'
import type { Reason } from './reason.ts'
import type { Workload } from './schema.ts'
import { parseWorkloads, type Workloads } from './workloads.ts'
import { workloadReasons } from './workload-reasons.ts'

/** What stands in one namespace, as far as we may read it; a list that may not be read is empty. */
export interface WorkloadObjects {
  readonly deployments: readonly KubernetesObject[]
  readonly statefulSets: readonly KubernetesObject[]
  readonly daemonSets: readonly KubernetesObject[]
  readonly jobs: readonly KubernetesObject[]
  readonly pods: readonly KubernetesObject[]
  readonly claims: readonly KubernetesObject[]
  readonly events: readonly KubernetesObject[]
}

/** Why the workloads of a namespace do not run; null: nothing says so. Never throws. */
export function explainWorkloads(objects: WorkloadObjects): WorkloadReasons | null {
  const workloads = parseWorkloads(objects)
  const reasons = [...podReasons(workloads), ...workloadReasons(workloads)].toSorted(nearestFirst)
  const [first] = reasons
  if (first === undefined) return null
  const details = distinctLines(
    reasons.map(({ line }) => line),
    [first.line],
  )
  return { why: first.line, details, since: first.since, down: isDown(workloads) }
}

/** The cause before what follows from it; then the newest. The same objects give the same order at every look. */
function nearestFirst(one: Reason, other: Reason): number {
  const time = ({ since }: Reason) => since?.getTime() ?? 0
  return one.rank - other.rank || time(other) - time(one) || (one.line < other.line ? -1 : 1)
}

/** Nothing that should serve has an available Pod. */
function isDown({ deployments, statefulSets }: Workloads): boolean {
  const serving = [...deployments, ...statefulSets].filter(({ spec }) => spec?.replicas !== 0)
  const isAvailable = ({ status }: Workload) => (status?.availableReplicas ?? 0) > 0
  return serving.length > 0 && !serving.some(isAvailable)
}
