import type { CommitSha } from '../../preview/brand.ts'
import type { Observation } from '../../preview/observation.ts'
import type { NamespaceState, Observed, Terminating, WantedCommit } from './observed.ts'
import { distinctLines, latest } from './clean-message.ts'

/**
 * The one answer about a preview from all that its agent's objects and its namespace say: the worst counts, it is ready only
 * when all are, and it is absent only when nothing is left.
 */
export function foldObservations(
  objects: readonly Observed[],
  namespace: NamespaceState,
  wanted: WantedCommit,
): Observed {
  const seen = objects.map(({ observation }) => observation).filter(isThere)
  const leaving = seen.filter((observation) => observation.kind === 'removing')
  if (namespace.kind === 'terminating') return nothingApplied(onItsWayOut([namespace, ...leaving]))
  if (wanted.sha === null) return nothingApplied(afterRemoval(seen, leaving, namespace))
  if (seen.length === 0) return nothingApplied(beforeTheFirst(namespace))
  if (leaving.length === seen.length) return nothingApplied(onItsWayOut(leaving))
  const applied = objects.every((object) => object.applied || !isThere(object.observation))
  return { applied, observation: worst(seen) }
}

type There = Exclude<Observation, { kind: 'absent' | 'unwatched' }>
type Leaving = Extract<Observation, { kind: 'removing' }>
type Unready = Extract<Observation, { kind: 'deploying' | 'degraded' | 'failed' }>

function isThere(observation: Observation): observation is There {
  return observation.kind !== 'absent' && observation.kind !== 'unwatched'
}

function nothingApplied(observation: Observation): Observed {
  return { applied: false, observation }
}

/** What holds it comes first: that is what somebody can do something about. */
function onItsWayOut(ends: readonly (Terminating | Leaving)[]): Observation {
  const ordered = [...ends.filter(({ held }) => held), ...ends.filter(({ held }) => !held)]
  const why = ordered[0]?.why ?? 'it is being deleted'
  const details = distinctLines(
    ordered.flatMap((end) => [end.why, ...end.details]),
    [why],
  )
  return { kind: 'removing', why, details, held: ends.some(({ held }) => held), since: earliest(ends) }
}

/** The manifest is gone; whatever still stands is on its way out, or has not heard of it yet. */
function afterRemoval(
  seen: readonly There[],
  leaving: readonly Leaving[],
  namespace: NamespaceState,
): Observation {
  if (leaving.length > 0) return onItsWayOut(leaving)
  const waiting = { kind: 'removing', details: [], held: false, since: null } as const
  if (seen.length > 0) return { ...waiting, why: 'the agent has not deleted it yet' }
  if (namespace.kind === 'active') return { ...waiting, why: 'the namespace has not been deleted yet' }
  return { kind: 'absent' }
}

function beforeTheFirst(namespace: NamespaceState): Observation {
  if (namespace.kind !== 'active') return { kind: 'absent' }
  const why = 'the namespace is there, and the agent has not begun in it'
  return { kind: 'deploying', serving: null, why, details: [], since: null }
}

function worst(seen: readonly There[]): Observation {
  const unready = seen.map(asUnready).filter((observation) => observation !== null)
  for (const kind of ['failed', 'degraded', 'deploying'] as const) {
    const those = unready.filter((observation) => observation.kind === kind)
    const [first] = those
    if (first !== undefined) return together(first, unready, earliest(those))
  }
  const ready = seen.filter((observation) => observation.kind === 'ready')
  return readyTogether(ready)
}

/** With its manifest standing, one object that goes while others stay is one that the manifest no longer has. */
function asUnready(observation: There): Unready | null {
  if (observation.kind === 'ready') return null
  if (observation.kind !== 'removing') return observation
  const why = `a part that the manifest no longer has is being deleted: ${observation.why}`
  return { kind: 'deploying', serving: null, why, details: observation.details, since: observation.since }
}

function together(first: Unready, unready: readonly Unready[], since: Date | null): Observation {
  const details = distinctLines(
    [...first.details, ...unready.flatMap(({ why, details }) => [why, ...details])],
    [first.why],
  )
  return { ...first, serving: common(unready), details, since }
}

function readyTogether(ready: readonly Extract<Observation, { kind: 'ready' }>[]): Observation {
  const serving = common(ready)
  const since = latest(ready.map((observation) => observation.since))
  if (serving !== null) return { kind: 'ready', serving, since }
  const why = 'its parts serve different commits'
  return { kind: 'deploying', serving: null, why, details: [], since: null }
}

/** What all of them serve; null when they differ or it is not known. */
function common(observations: readonly { readonly serving: CommitSha | null }[]): CommitSha | null {
  const serving = new Set(observations.map((observation) => observation.serving))
  const [only = null] = serving
  return serving.size === 1 ? only : null
}

function earliest(observations: readonly { readonly since: Date | null }[]): Date | null {
  const times = observations.flatMap(({ since }) => (since === null ? [] : [since.getTime()]))
  return times.length === 0 ? null : new Date(Math.min(...times))
}
