import type { z } from 'zod'
import type { KubernetesObject } from '../cluster.ts'
import { Claim, Event, Pod, Workload } from './schema.ts'

/** What stands in a namespace, read: what has an odd form is left out, and what is on its way out. */
export interface Workloads {
  readonly deployments: readonly Workload[]
  readonly statefulSets: readonly Workload[]
  readonly daemonSets: readonly Workload[]
  readonly jobs: readonly Workload[]
  /** Only of the newest template of each Deployment: what its older Pods say is about an older commit. */
  readonly pods: readonly Pod[]
  readonly claims: readonly Claim[]
  /** Warnings alone. */
  readonly events: readonly Event[]
}

export function parseWorkloads(
  workloads: Readonly<Record<keyof Workloads, readonly KubernetesObject[]>>,
): Workloads {
  const pods = read(Pod, workloads.pods).filter(staying)
  return {
    deployments: read(Workload, workloads.deployments).filter(staying),
    statefulSets: read(Workload, workloads.statefulSets).filter(staying),
    daemonSets: read(Workload, workloads.daemonSets).filter(staying),
    jobs: read(Workload, workloads.jobs).filter(staying),
    pods: pods.filter((pod) => isOfNewestTemplate(pod, pods)),
    claims: read(Claim, workloads.claims).filter(staying),
    events: read(Event, workloads.events).filter(({ type }) => type === 'Warning'),
  }
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  objects: readonly KubernetesObject[],
): readonly z.output<Schema>[] {
  return objects.flatMap((object) => {
    const { success, data } = schema.safeParse(object)
    return success ? [data] : []
  })
}

function staying({ metadata }: Pick<Pod, 'metadata'>): boolean {
  return !metadata.deletionTimestamp
}

/** A Deployment's Pods of one template share a ReplicaSet; the one that made the newest Pod is the current one. */
function isOfNewestTemplate(pod: Pod, pods: readonly Pod[]): boolean {
  const { workload, replicaSet } = ownerOf(pod)
  if (replicaSet === null) return true
  const siblings = pods.filter((other) => ownerOf(other).workload === workload)
  const created = ({ metadata }: Pod) => metadata.creationTimestamp ?? ''
  const newest = siblings.reduce((one, other) => (created(other) > created(one) ? other : one), pod)
  return ownerOf(newest).replicaSet === replicaSet
}

/** Who made a Pod, as people know it: a ReplicaSet's name is its Deployment's with the template's hash. */
export function ownerOf({ metadata }: Pod): {
  readonly workload: string
  readonly replicaSet: string | null
} {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
  if (!owner) return { workload: `Pod \`${metadata.name}\``, replicaSet: null }
  if (owner.kind !== 'ReplicaSet') return { workload: `${owner.kind} \`${owner.name}\``, replicaSet: null }
  return { workload: `Deployment \`${deploymentOf(owner.name)}\``, replicaSet: owner.name }
}

/** `web-7d9f8c6b5` is of the Deployment `web`. */
export function deploymentOf(replicaSet: string): string {
  return replicaSet.replace(/-[a-z0-9]+$/, '')
}
