import { withFallback } from '../pace/deadline.ts'
import { Gauge, type Registry } from 'prom-client'
import type { Clock } from '../pace/clock.ts'
import type { RefusalCount } from '../forge/refusal-monitor.ts'
import type { PreviewState } from '../preview/status.ts'
import type { QueueState } from '../queue/port.ts'

/** Where the gauges are read from, at each scrape. */
export interface MetricsSources {
  readonly queue: () => Promise<QueueState>
  readonly previews: () => Readonly<Record<PreviewState, number>>
  /** Whether the breaker holds removals back. */
  readonly breakerHeld: () => boolean
  /** In how many repositories a forge refuses our token, by what is asked of it. */
  readonly forgeRefusals: () => readonly RefusalCount[]
  /** Null: no agent is watched. */
  readonly agent: () => AgentPulse | null
  /** Every repository the sweep reads: one that was never read completely counts from the start of the process. */
  readonly repositories: readonly string[]
}

export interface Gauges {
  forgeRemaining(forge: string, calls: number): void
  readonly sweepCompleted: (repository: string) => void
}

const queueWithinMs = 2000

export function addGauges(registry: Registry, clock: Clock, sources: MetricsSources): Gauges {
  addQueueGauges(registry, clock, sources.queue)
  addStateGauges(registry, sources)
  addAgentGauges(registry, sources.agent)
  const remaining = new Gauge({
    name: 'mayfly_forge_rate_limit_remaining',
    help: 'Calls left in the rate window of a forge, as it said last.',
    labelNames: ['forge'] as const,
    registers: [registry],
  })
  return {
    forgeRemaining: (forge, calls) => {
      remaining.set({ forge }, calls)
    },
    sweepCompleted: addSweepGauge(registry, clock, sources.repositories),
  }
}

function addQueueGauges(registry: Registry, clock: Clock, read: () => Promise<QueueState>): void {
  const registers = [registry]
  const state = sharedWhileRunning(() => queueState(clock, read))
  new Gauge({
    name: 'mayfly_queue_keys',
    help: 'Merge request keys in the queue: waiting for a look, being looked at, or delayed until their time.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      const now = await state()
      this.reset()
      if (now === undefined) return
      this.set({ state: 'waiting' }, now.waiting)
      this.set({ state: 'active' }, now.active)
      this.set({ state: 'delayed' }, now.delayed)
    },
  })
  new Gauge({
    name: 'mayfly_queue_oldest_waiting_seconds',
    help: 'How long the oldest key that could be looked at has been ready.',
    registers,
    async collect() {
      this.set(((await state())?.oldestWaitingMs ?? Number.NaN) / 1000)
    },
  })
  new Gauge({
    name: 'mayfly_queue_trouble',
    help: '1 when the queue is away or work waits and nothing moves, else 0.',
    registers,
    async collect() {
      this.set((await state())?.trouble === null ? 0 : 1)
    },
  })
}

// All gauges of a scrape are read at once: they ask the queue together.
function sharedWhileRunning<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= read().finally(() => {
      running = undefined
    })
    return running
  }
}

// A queue that is away must not take the metrics with it.
async function queueState(clock: Clock, read: () => Promise<QueueState>): Promise<QueueState | undefined> {
  try {
    return await withFallback<QueueState | undefined>(read(), {
      ms: queueWithinMs,
      clock,
      fallback: () => undefined,
    })
  } catch {
    return undefined
  }
}

function addStateGauges(registry: Registry, { previews, breakerHeld, forgeRefusals }: MetricsSources): void {
  const registers = [registry]
  new Gauge({
    name: 'mayfly_previews',
    help: 'Previews by state.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      for (const [state, count] of Object.entries(previews())) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'mayfly_breaker_held',
    help: '1 while the breaker holds removals back until somebody confirms them, else 0.',
    registers,
    collect() {
      this.set(breakerHeld() ? 1 : 0)
    },
  })
  new Gauge({
    name: 'mayfly_forge_refusals',
    help: 'Repositories in which a forge refuses our token, by what is asked of it; absent when it refuses nothing.',
    labelNames: ['forge', 'member'] as const,
    registers,
    collect() {
      this.reset()
      for (const { forge, member, repositories } of forgeRefusals()) this.set({ forge, member }, repositories)
    },
  })
}

function addSweepGauge(
  registry: Registry,
  clock: Clock,
  repositories: readonly string[],
): (repository: string) => void {
  const completed = new Map(repositories.map((repository) => [repository, clock.monotonicMs()]))
  new Gauge({
    name: 'mayfly_sweep_age_seconds',
    help: 'Seconds since the last complete sweep of a repository, or since the start when there was none.',
    labelNames: ['repository'] as const,
    registers: [registry],
    collect() {
      for (const [repository, at] of completed) this.set({ repository }, (clock.monotonicMs() - at) / 1000)
    },
  })
  return (repository) => {
    completed.set(repository, clock.monotonicMs())
  }
}

/** What is measured of an agent that is watched. */
interface AgentPulse {
  /** What is known of its cluster is not older than half a minute. */
  readonly synced: boolean
  /** Namespaces of previews on their way out, by whether something holds them; null: not known. */
  readonly terminating: { readonly held: number; readonly free: number } | null
}

/** `read` gives null where no agent is watched: then there are no such gauges. */
function addAgentGauges(registry: Registry, read: () => AgentPulse | null): void {
  const registers = [registry]
  new Gauge({
    name: 'mayfly_agent_in_step',
    help: '1 while the cluster of the agent is followed, 0 when what is known of it is older than half a minute.',
    registers,
    collect() {
      this.reset()
      const pulse = read()
      if (pulse === null) this.remove()
      else this.set(pulse.synced ? 1 : 0)
    },
  })
  new Gauge({
    name: 'mayfly_namespaces_terminating',
    help: 'Namespaces of previews on their way out; held means that something keeps them, which does not end by itself.',
    labelNames: ['held'] as const,
    registers,
    collect() {
      this.reset()
      const terminating = read()?.terminating ?? null
      if (terminating === null) return
      this.set({ held: 'true' }, terminating.held)
      this.set({ held: 'false' }, terminating.free)
    },
  })
}
