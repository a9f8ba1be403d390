import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { Clock } from './pace/clock.ts'
import { addGauges, type MetricsSources } from './metrics/gauges.ts'
import type { Outcome } from './preview/outcome.ts'

/** What the service counts, in the Prometheus text format. */
export interface Metrics {
  /** `answer` as in the webhook room, for example `taken` or `bad-signature`. */
  readonly webhook: (forge: string, answer: string) => void
  /** One look that ended after `ms`; `retry` when it threw and comes back. */
  readonly reconcile: (outcome: Outcome['kind'] | 'retry', ms: number) => void
  /** One push to the environment repository with so many preview changes in it. */
  readonly push: (push: {
    readonly result: PushResult
    readonly changes: number
    readonly ms: number
  }) => void
  readonly forgeCall: (call: ForgeCallSample) => void
  /** The sweep of a repository read everything, every page. */
  readonly sweepCompleted: (repository: string) => void
  readonly contentType: string
  /** The whole text, gauges freshly read. */
  readonly text: () => Promise<string>
}

/** `moved`: somebody else was faster, the push is built anew; `unknown`: no answer came. */
export type PushResult = 'pushed' | 'moved' | 'refused' | 'unknown' | 'failed'

export interface ForgeCallSample {
  readonly forge: string
  /** A constant word such as `list-open-merge-requests`, never a path with values in it. */
  readonly operation: string
  /** The HTTP status; null when no answer came. */
  readonly status: number | null
  readonly ms: number
  /** Calls left in the forge's rate window; null when it did not say. */
  readonly remaining: number | null
}

const seconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Metrics on a registry of their own: `mayfly_*` and those of the process. */
export function createMetrics(clock: Clock, sources: MetricsSources): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counters = createCounters(registry)
  const gauges = addGauges(registry, clock, sources)

  return {
    webhook: (forge, answer) => {
      counters.webhooks.inc({ forge, answer })
    },
    reconcile: (outcome, ms) => {
      counters.reconciles.observe({ outcome }, ms / 1000)
    },
    push: ({ result, changes, ms }) => {
      counters.pushes.observe({ result }, ms / 1000)
      counters.batches.observe(changes)
    },
    forgeCall: ({ forge, operation, status, ms, remaining }) => {
      counters.forgeCalls.observe({ forge, operation, status: String(status ?? 'none') }, ms / 1000)
      if (remaining !== null) gauges.forgeRemaining(forge, remaining)
    },
    sweepCompleted: gauges.sweepCompleted,
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}

function createCounters(registry: Registry) {
  const registers = [registry]
  return {
    webhooks: new Counter({
      name: 'mayfly_webhooks_total',
      help: 'Webhooks by forge and answer.',
      labelNames: ['forge', 'answer'] as const,
      registers,
    }),
    reconciles: new Histogram({
      name: 'mayfly_look_duration_seconds',
      help: 'How long looks at a merge request took, by outcome; retry means that it threw and comes back.',
      labelNames: ['outcome'] as const,
      buckets: seconds,
      registers,
    }),
    pushes: new Histogram({
      name: 'mayfly_push_duration_seconds',
      help: 'How long pushes to the environment repository took, by result.',
      labelNames: ['result'] as const,
      buckets: seconds,
      registers,
    }),
    batches: new Histogram({
      name: 'mayfly_push_changes',
      help: 'Preview changes in one push.',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 1000],
      registers,
    }),
    forgeCalls: new Histogram({
      name: 'mayfly_forge_call_duration_seconds',
      help: 'How long calls to a forge took, by operation and HTTP status; none means that no answer came.',
      labelNames: ['forge', 'operation', 'status'] as const,
      buckets: seconds,
      registers,
    }),
  }
}
