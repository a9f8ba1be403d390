import { Stalled } from '../../preview/errors.ts'
import type { Cluster, KubernetesObject, ObjectKind } from '../cluster.ts'
import { workloadKinds } from '../kinds.ts'
import type { WorkloadObjects } from '../namespace/explain-workloads.ts'

/** What stands in a preview's namespace. `unread`: in words, what of it could not be read; null when all could. */
export interface ReadWorkloads {
  readonly workloads: WorkloadObjects
  readonly unread: string | null
}

/** Reads what may tell why a preview is not ready, as far as we may. Never throws: the agent's own words are there anyway. */
export async function readWorkloads(cluster: Cluster, namespace: string): Promise<ReadWorkloads> {
  const errors: unknown[] = []
  const read = async (kind: ObjectKind): Promise<readonly KubernetesObject[]> => {
    try {
      return await cluster.list({ kind, namespace, labels: null })
    } catch (error) {
      errors.push(error)
      return []
    }
  }
  const [deployments, statefulSets, daemonSets, jobs, pods, claims, events] = await Promise.all([
    read(workloadKinds.deployments),
    read(workloadKinds.statefulSets),
    read(workloadKinds.daemonSets),
    read(workloadKinds.jobs),
    read(workloadKinds.pods),
    read(workloadKinds.claims),
    read(workloadKinds.events),
  ])
  const workloads = { deployments, statefulSets, daemonSets, jobs, pods, claims, events }
  return { workloads, unread: unreadWords(errors, namespace) }
}

function unreadWords(errors: readonly unknown[], namespace: string): string | null {
  if (errors.length === 0) return null
  const rights = errors.flatMap((error) =>
    error instanceof Stalled && error.right !== null ? [error.right] : [],
  )
  if (rights.length === 0) return `what runs in ${namespace} could not be read now`
  const rules = rights.map((right) => right.replace(` in namespace ${namespace}`, '')).toSorted()
  return `Mayfly may not read all that runs in ${namespace} (its account lacks ${rules.join(', ')}): the agent's own pages tell more`
}
