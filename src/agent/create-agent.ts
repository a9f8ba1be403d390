import type { Clock } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import type { Observation } from '../preview/observation.ts'
import { argocdDialect } from './argocd-dialect.ts'
import { behindRoot, waitsForRoot } from './observe/behind-root.ts'
import type { Cluster, KubernetesObject } from './cluster.ts'
import type { Dialect, Root } from './dialect.ts'
import { fluxDialect } from './flux-dialect.ts'
import { followPreviews, type FollowedPreviews, ofPreview } from './follow/follow-previews.ts'
import { createHints } from './follow/debounce.ts'
import { lookUp, type LookUpParts } from './observe/look-up.ts'
import { marksOf, nameOf } from './observe/ownership.ts'
import { explainWorkloads } from './namespace/explain-workloads.ts'
import { needsReasons, type Observed, withWorkloads } from './observe/observed.ts'
import type { Agent, Standing, Subject } from './port.ts'
import { type Pulse, pulseOf } from './follow/health.ts'
import { createPushNotice, type PushNotice } from './sync/sync-requester.ts'
import { createReadinessMemory } from './observe/last-ready.ts'
import { readWorkloads } from './observe/read-workloads.ts'

export interface AgentOptions extends Root {
  readonly kind: 'argocd' | 'flux'
  /** Ends with the agent. */
  readonly cluster: Cluster
  readonly clock: Clock
  readonly log: Log
}

/** An agent in a cluster, and what is measured of it. */
export interface ClusterAgent extends Agent {
  readonly pulse: () => Pulse
}

/** Looks wait so long for the first answers of the cluster. */
const START_MS = 5_000
/** What starts needs no reasons before. */
const STARTING_MS = 10_000

/** Argo CD or Flux, followed in its cluster. It begins at once; a cluster that is away comes later. */
export function createAgent(options: AgentOptions): ClusterAgent {
  const { cluster, clock } = options
  const closed = new AbortController()
  const dialect =
    options.kind === 'argocd' ? argocdDialect(cluster, options) : fluxDialect(cluster, options, options)
  const hints = createHints({ clock, closed: closed.signal })
  const followed = followPreviews({ cluster, dialect, home: options.namespace, onNews: hints.add })
  const started = Promise.race([followed.tried, clock.sleep(START_MS, closed.signal).catch(() => undefined)])
  const teller = createTeller(options, dialect)
  const { notify, remind } = createPushNotice({ ...teller, clock, closed: closed.signal })
  const parts = {
    cluster,
    clock,
    dialect,
    followed,
    remind,
    home: options.namespace,
    memory: createReadinessMemory(),
  }
  return {
    observe: async (subject) => {
      await started
      return observe(parts, subject)
    },
    notify,
    watch: (onHint) => {
      hints.hear(onHint)
      return Promise.resolve()
    },
    standing: async () => {
      await started
      return standing(followed)
    },
    warnings: async () => {
      await started
      const ofRoot = await rootWarnings(dialect, followed)
      return [...new Set([...followed.refusals(), ...teller.complaints(), ...ofRoot])]
    },
    pulse: () => pulseOf(followed),
    close: async () => {
      closed.abort()
      followed.stop()
      await cluster.close()
    },
  }
}

interface ObserveParts extends LookUpParts {
  readonly clock: Clock
  readonly memory: ReturnType<typeof createReadinessMemory>
  readonly remind: PushNotice['remind']
}

async function observe(parts: ObserveParts, subject: Subject): Promise<Observation> {
  const { memory } = parts
  const { preview, sha } = subject
  try {
    const seen = memory.complete(preview, sha, await lookUp(parts, subject))
    const objects = ofPreview(parts.followed.objects(), preview)
    const observation = await explain(parts, subject, seen)
    parts.remind(subject.name, waitsForRoot(subject, { objects, observation }))
    return await behindRoot(parts.dialect, subject, { objects, observation })
  } catch (error) {
    // A cluster that is away for a while makes nothing of what was seen untrue.
    const known = error instanceof RetryLater ? memory.readyAt(preview, sha) : null
    if (known === null) throw error
    return known
  }
}

/** The workloads tell why, where the agent says only that it is not well. */
async function explain(
  { cluster, clock }: ObserveParts,
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
  return clock.now().getTime() - observation.since.getTime() < STARTING_MS
}

function standing(followed: FollowedPreviews): readonly Standing[] {
  const namespaces = followed.namespaces()
  if (namespaces === null) throw new Stalled(followed.refusals().join('; '))
  return [...followed.objects(), ...namespaces].flatMap(standingOf)
}

function standingOf(object: KubernetesObject): readonly Standing[] {
  const marks = marksOf(object)
  return !marks?.preview ? [] : [{ preview: marks.preview, what: nameOf(marks) }]
}

/** Tells of pushes, and remembers the right that is missing for it. */
function createTeller({ log }: AgentOptions, dialect: Dialect) {
  let complaint: string | null = null
  return {
    tell: (...[names]: Parameters<Dialect['tell']>) =>
      dialect.tell(names).then(
        () => {
          complaint = null
          return true
        },
        (error: unknown) => {
          log.debug({ error }, 'the agent was not told of a push: its next poll finds it')
          if (error instanceof Stalled) complaint = `pushes wait for the agent's own poll: ${error.message}`
          return error instanceof Stalled
        },
      ),
    hasSeen: (...[commit]: Parameters<Dialect['hasSeen']>) =>
      dialect.hasSeen(commit).catch((error: unknown) => error instanceof Stalled),
    complaints: (): readonly string[] => (complaint === null ? [] : [complaint]),
  }
}

async function rootWarnings(dialect: Dialect, followed: FollowedPreviews): Promise<readonly string[]> {
  try {
    return await dialect.warnings(followed.objects())
  } catch (error) {
    if (error instanceof Stalled) return [error.message]
    return [`the cluster is not followed: ${error instanceof Error ? error.message : 'unknown failure'}`]
  }
}
