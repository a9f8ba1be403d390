import type { Clock } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import { argocdDialect } from './argocd-dialect.ts'
import type { Cluster } from './cluster.ts'
import type { RootOptions } from './dialect.ts'
import { fluxDialect } from './flux-dialect.ts'
import { createDebounce } from './follow/changes.ts'
import { followPreviews, listResources, type AgentHealth, healthOf } from './follow/follow-previews.ts'
import { followProjects } from './follow/follow-projects.ts'
import { createObserver } from './observe/create-observer.ts'
import { createWarningsMonitor, findWarnings } from './observe/warnings.ts'
import type { Agent, KnownProjects } from './port.ts'
import { createSyncRequester } from './sync/sync-requester.ts'

export interface AgentOptions extends RootOptions {
  readonly kind: 'argocd' | 'flux'
  /** Closed together with the agent. */
  readonly cluster: Cluster
  readonly clock: Clock
  readonly log: Log
}

/** An agent in a cluster, and what is known of it at any time. */
export interface ClusterAgent extends Agent {
  /** What `warnings` found last, from when the agent is watched. */
  readonly lastWarnings: () => readonly string[]
  readonly health: () => AgentHealth
  readonly projects: KnownProjects
}

/** The longest wait for the cluster's first answers. */
const START_MS = 5_000

/** Argo CD or Flux, followed in its cluster. It begins at once; a cluster that is away comes later. */
export function createAgent(options: AgentOptions): ClusterAgent {
  const { kind, cluster, clock, log, namespace: home } = options
  const closing = new AbortController()
  const closed = closing.signal
  const dialect = kind === 'argocd' ? argocdDialect(cluster, options) : fluxDialect(cluster, options, options)
  const changes = createDebounce({ clock, closed })
  const previews = followPreviews({ cluster, dialect, home, onNews: changes.add })
  const projects = kind === 'argocd' ? followProjects(cluster, home) : noProjects
  const sync = createSyncRequester({ dialect, clock, log, closed })
  const observe = createObserver({ cluster, clock, dialect, followed: previews, home, remind: sync.remind })
  const started = Promise.race([previews.firstList, clock.sleep(START_MS, closed).catch(() => undefined)])
  const warnings = () => started.then(() => findWarnings(dialect, previews, sync.complaints()))
  const monitor = createWarningsMonitor({ find: warnings, clock, log, closed })
  return {
    observe: (subject) => started.then(() => observe(subject)),
    requestSync: sync.requestSync,
    watch: async (onHint) => {
      changes.hear(onHint)
      monitor.start()
    },
    resources: () => started.then(() => listResources(previews)),
    warnings,
    lastWarnings: monitor.last,
    health: () => healthOf(previews),
    projects: projects.projects,
    close: async () => {
      closing.abort()
      previews.stop()
      projects.stop()
      await cluster.close()
    },
  }
}

const noProjects: ReturnType<typeof followProjects> = { projects: () => null, stop: () => undefined }
