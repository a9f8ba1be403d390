import { parseTime, cleanMessage } from '../observe/clean-message.ts'
import { ranks, type Reason } from './reason.ts'
import type { Claim, Event, Workload } from './schema.ts'
import { deploymentOf, type Workloads } from './workloads.ts'

/** What Deployments, Jobs and volume claims say, and the warnings about those that make Pods. */
export function workloadReasons(workloads: Workloads): readonly Reason[] {
  return [
    ...workloads.deployments.filter(isLookedAt).flatMap(deploymentReasons),
    ...workloads.jobs.flatMap(jobReasons),
    ...workloads.claims.flatMap((claim) => claimReasons(claim, workloads.events)),
    ...workloads.events.flatMap((event) => makerReasons(event, workloads)),
    ...workloads.events.flatMap((event) => otherReasons(event, workloads)),
  ]
}

/** Its conditions are about its spec as it stands now. */
function isLookedAt({ metadata, status }: Workload): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
}

function deploymentReasons({ metadata, status }: Workload): readonly Reason[] {
  return (status?.conditions ?? []).flatMap((condition): readonly Reason[] => {
    const since = parseTime(condition.lastTransitionTime)
    if (condition.type === 'ReplicaFailure' && condition.status === 'True') {
      const line = cleanMessage(
        `Deployment \`${metadata.name}\` cannot create Pods: ${podless(condition.message)}`,
      )
      return [{ rank: ranks.refused, since, line }]
    }
    if (condition.type === 'Progressing' && condition.reason === 'ProgressDeadlineExceeded') {
      const line = cleanMessage(`Deployment \`${metadata.name}\` did not become available in time`)
      return [{ rank: ranks.late, since, line }]
    }
    return []
  })
}

function jobReasons({ metadata, status }: Workload): readonly Reason[] {
  const failed = status?.conditions?.find(({ type, status: is }) => type === 'Failed' && is === 'True')
  if (!failed) return []
  const line = cleanMessage(
    `Job \`${metadata.name}\` failed: ${cleanMessage(failed.message) || (failed.reason ?? '')}`,
  )
  return [{ rank: ranks.job, since: parseTime(failed.lastTransitionTime), line }]
}

function claimReasons({ metadata, status }: Claim, events: readonly Event[]): readonly Reason[] {
  if (status?.phase === 'Bound') return []
  const about = events.find(
    ({ involvedObject: { kind, name } }) => kind === 'PersistentVolumeClaim' && name === metadata.name,
  )
  const detail = about ? `: ${cleanMessage(about.message)}` : ''
  const line = cleanMessage(`PersistentVolumeClaim \`${metadata.name}\` is not bound${detail}`)
  return [{ rank: ranks.claim, since: parseTime(metadata.creationTimestamp), line }]
}

/** A quota or an admission webhook refuses the Pods that a workload wants to make. */
function makerReasons(event: Event, workloads: Workloads): readonly Reason[] {
  const { kind, name } = event.involvedObject
  if (event.reason !== 'FailedCreate' || !kind || !name) return []
  const [word, own] = kind === 'ReplicaSet' ? ['Deployment', deploymentOf(name)] : [kind, name]
  if (!isWanting(word, own, workloads)) return []
  const line = cleanMessage(`${word} \`${own}\` cannot create Pods: ${podless(event.message)}`)
  return [{ rank: ranks.refused, since: began(event), line }]
}

/** An event outlives its cause: it counts only while the workload has fewer Pods than it wants. */
function isWanting(kind: string, name: string, workloads: Workloads): boolean {
  const lists: Readonly<Record<string, readonly Workload[]>> = {
    Deployment: workloads.deployments,
    StatefulSet: workloads.statefulSets,
  }
  const workload = lists[kind]?.find(({ metadata }) => metadata.name === name)
  return workload === undefined || (workload.status?.replicas ?? 0) < (workload.spec?.replicas ?? 1)
}

/** Warnings about Pods that still stand and are told nowhere else, for example a volume that cannot be mounted. */
function otherReasons(event: Event, { pods }: Workloads): readonly Reason[] {
  const known = ['BackOff', 'Failed', 'Unhealthy', 'FailedScheduling', 'FailedCreate']
  const { kind, name } = event.involvedObject
  const pod = kind === 'Pod' ? pods.find(({ metadata }) => metadata.name === name) : undefined
  const isReady = pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  if (!pod || isReady === true || known.includes(event.reason ?? '')) return []
  return [
    {
      rank: ranks.event,
      since: began(event),
      line: cleanMessage(`${event.reason ?? 'Warning'}: ${cleanMessage(event.message)}`),
    },
  ]
}

/** Every try has a Pod's name of its own, which would make every try another reason. */
function podless(message: string | null | undefined): string {
  return cleanMessage(message).replace(/^pods "[^"]*" is forbidden: /, '')
}

function began({ firstTimestamp, eventTime }: Event): Date | null {
  return parseTime(firstTimestamp ?? eventTime)
}
