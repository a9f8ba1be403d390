import type { Observation } from '../../preview/observation.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { AgentDialect } from '../dialect.ts'
import { ownershipOf } from './ownership.ts'
import type { Subject } from '../port.ts'

/**
 * Says of what waits for the root that the root is paused: nothing else that the cluster says would tell. Never throws: without
 * an answer about the root the observation stays as it is.
 */
export async function behindRoot(dialect: AgentDialect, subject: Subject, seen: Seen): Promise<Observation> {
  const { observation } = seen
  if (!waits(observation) || !waitsForRoot(subject, seen)) return observation
  const why = await dialect.pause().catch(() => null)
  if (why === null) return observation
  if (observation.kind === 'absent')
    return { kind: 'deploying', serving: null, why, details: [], since: null }
  return { ...observation, why, details: [] }
}

interface Seen {
  readonly objects: readonly KubernetesObject[]
  readonly observation: Observation
}

/** Whether the root has yet to apply the newest manifest, or to take away what a deleted one made. */
export function waitsForRoot({ sha }: Subject, { objects, observation }: Seen): boolean {
  return waits(observation) && isBehind(objects, sha)
}

type Waiting = Extract<Observation, { kind: 'absent' | 'deploying' | 'removing' }>

/** What is on its way out needs no root any more. */
function waits(observation: Observation): observation is Waiting {
  if (observation.kind === 'removing') return observation.since === null && !observation.held
  return observation.kind === 'absent' || observation.kind === 'deploying'
}

/** The root has not applied the newest manifest, or not taken away what a deleted one made. */
function isBehind(objects: readonly KubernetesObject[], sha: string | null): boolean {
  const marks = objects.flatMap((object) => ownershipOf(object) ?? [])
  if (sha === null) return marks.some(({ leaving }) => !leaving)
  return marks.length === 0 || marks.some(({ annotations }) => annotations['mayfly.dev/sha'] !== sha)
}
