import type { Clock } from '../../pace/clock.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { Observation } from '../../preview/observation.ts'
import { ofPreview } from '../follow/follow-previews.ts'
import { explainWorkloads, type WorkloadObjects } from '../namespace/explain-workloads.ts'
import type { Agent, Subject } from '../port.ts'
import { behindRoot, waitsForRoot } from './behind-root.ts'
import { createLastReady } from './last-ready.ts'
import { observeSubject, type ObserveParts } from './observe-subject.ts'
import { needsReasons, type Observed, withWorkloads } from './observed.ts'
import type { Cluster, KubernetesObject, ObjectKind } from '../cluster.ts'
import { workloadKinds } from '../kinds.ts'

export interface ObserverParts extends ObserveParts {
  readonly clock: Clock
  /** Is told of every preview whether the agent is behind with it. */
  readonly remind: (name: string, behind: boolean) => void
}

/** What starts needs no reasons before. */
const STARTING_MS = 10_000

/** Observes one preview at a time: what the objects say, why, what still serves, and whether the root is paused. */
export function createObserver(parts: ObserverParts): Agent['observe'] {
  const lastReady = createLastReady()

  return async (subject) => {
    const { preview, sha } = subject
    try {
      const seen = lastReady.complete(preview, sha, await observeSubject(parts, subject))
      const objects = ofPreview(parts.followed.objects(), preview)
      const observation = await explain(parts, subject, seen)
      parts.remind(subject.name, waitsForRoot(subject, { objects, observation }))
      return await behindRoot(parts.dialect, subject, { objects, observation })
    } catch (error) {
      // A cluster that is away for a while makes nothing of what was seen untrue.
      const known = error instanceof RetryLater ? lastReady.readyAt(preview, sha) : null
      if (known === null) throw error
      return known
    }
  }
}

/** The workloads tell why, where the agent says only that it is not well. */
async function explain(
  { cluster, clock }: ObserverParts,
  { namespace }: Subject,
  observed: Observed,
): Promise<Observation> {
  const { observation } = observed
  if (!needsReasons(observed) || isStarting(observation, clock)) return observation
  const { workloads, unread } = await readWorkloads(cluster, namespace)
  const explained = withWorkloads(observed, explainWorkloads(workloads))
  if (unread === null || !('details' in explained)) return explained
  return { ...explained, details: [...explained.details, unread] }
}

function isStarting(observation: Observation, clock: Clock): boolean {
  if (observation.kind !== 'deploying' || observation.since === null) return false
  // Either clock may have been set meanwhile, ours or the cluster's: what began in the future is as good as long ago.
  return Math.abs(clock.now().getTime() - observation.since.getTime()) < STARTING_MS
}

/** What stands in a preview's namespace. `unread`: in words, what of it could not be read; null when all could. */
interface ReadWorkloads {
  readonly workloads: WorkloadObjects
  readonly unread: string | null
}

/** Reads what may tell why a preview is not ready, as far as we may. Never throws: the agent's own words are there anyway. */
async function readWorkloads(cluster: Cluster, namespace: string): Promise<ReadWorkloads> {
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
