import type { Agent, KnownProjects } from '../agent/port.ts'
import { type Clock, type Random, systemClock } from '../pace/clock.ts'
import type { Config, QueueConfig } from '../config/config.ts'
import { type Environment, processEnvironment } from '../config/environment.ts'
import { createRefusalMonitor } from '../forge/refusal-monitor.ts'
import { createLog, type Log } from '../log.ts'
import { createRedactor } from '../log/redact.ts'
import { createMetrics } from '../metrics.ts'
import { backoffUpTo, type Backoff } from '../pace/backoff.ts'
import { createConflictMonitor } from '../reconcile/conflict-monitor.ts'
import { type MergeRequestKey, mergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import { createDeliveryMemory } from '../why/delivery-memory.ts'
import type { ExplainOptions } from '../why/explain-merge-request.ts'
import { createPassMemory } from '../why/pass-memory.ts'
import { createWhyDesk } from '../why/why-desk.ts'
import { createEventClaims } from '../reconcile/event-claims.ts'
import { createSourceRepositories, type SourceRepositories } from '../reconcile/source-repositories.ts'
import { createSweepMonitor } from '../sweep/sweep-monitor.ts'
import { createPreviewRegistry } from '../report/preview-registry.ts'
import type { WriteLimit } from '../report/publish/write-budget.ts'
import { createWiredAgent } from './agent.ts'
import { createEnvironmentRepository } from './environment-repository.ts'
import { createForges } from './forges.ts'
import { createImages } from './images.ts'
import type { ImageRegistry } from '../registry/port.ts'
import { createPorts, createSettings } from './settings.ts'
import { createReportPublisher } from './publisher.ts'
import type { Probe } from '../probe/port.ts'
import { secretsOf } from './secrets.ts'
import { createPauseMonitor } from '../environment-repository/pause-monitor.ts'
import type { EnvironmentRepository } from '../environment-repository/port.ts'
import { type BreakerMonitor, createBreakerMonitor } from '../environment-repository/breaker-monitor.ts'
import { createRepositoryMonitor } from '../environment-repository/repository-monitor.ts'
import { createClockMonitor } from '../pace/clock-monitor.ts'
import { createInProcessQueue } from '../queue/in-process.ts'
import type { Queue } from '../queue/port.ts'

/** What a sandbox or a test puts in the place of the usual parts. */
export interface Overrides {
  readonly agent?: Agent
  readonly projects?: KnownProjects
  readonly probe?: Probe
  readonly images?: ImageRegistry
  readonly log?: Log
  readonly clock?: Clock
  readonly random?: Random
  /** In the place of the variables of this process. */
  readonly environment?: Environment
  /** Of comments and statuses; absent: what every forge is content with. */
  readonly pace?: { readonly limits: readonly WriteLimit[] }
}

export type Parts = Awaited<ReturnType<typeof createParts>>

/** Every part that a configuration names, none of them at work yet. @throws when the queue's Redis cannot be used. */
export async function createParts(config: Config, overrides: Overrides) {
  const common = createCommon(config, overrides)
  const registry = createPreviewRegistry(common.clock)
  const breaker = createBreakerMonitor()
  const sources = createSourceRepositories(config.applications)
  // After any fault all is well again within one sweep.
  const backoff = backoffUpTo(config.sweep.everyMs)
  const queue = byOneName(await createQueue(config.queue, { ...common, backoff }), sources)
  const refusals = createRefusalMonitor(common)
  const conflicts = createConflictMonitor()
  const claims = createEventClaims({
    clock: common.clock,
    again: queue.add,
    othersReconcile: config.queue.redis !== null,
  })
  const sweeps = createSweepMonitor({ ...common, ...config.sweep, sources: sources.all() })
  const wired = createWiredAgent(config, { ...common, override: overrides.agent })
  const metrics = createMetrics(common.clock, {
    queue: queue.state,
    previews: registry.counts,
    breakerHeld: breaker.isHolding,
    forgeRefusals: refusals.counts,
    agent: wired.health,
    repositories: sources.all().map(({ forge, repository }) => `${forge}:${repository}`),
  })
  const { forges: plain, apps } = createForges(config, {
    ...common,
    onCall: (forge, { durationMs, ...call }) => {
      metrics.forgeCall({ forge, ms: durationMs, ...call })
    },
  })
  const forges = refusals.watch(plain)
  const clockMonitor = createClockMonitor(common.clock)
  const plainRepository = createEnvironmentRepository(config, { ...common, apps, onPush: metrics.push })
  const { repository, sentences } = watchRepository(plainRepository, { ...common, breaker })
  const { agent } = wired
  const projects = overrides.projects ?? wired.projects
  const { clock } = common
  const images = overrides.images ?? createImages(config, common)
  const ports = createPorts({ forges, images, repository, agent, projects, clock, probe: overrides.probe })
  const publisher = createReportPublisher(config, forges, { ...common, ...overrides.pace })
  const warnings = (): readonly string[] =>
    [{ sentences }, conflicts, clockMonitor, refusals, sweeps].flatMap((monitor) => monitor.sentences())
  const monitors = { conflicts, claims, sweeps, warnings: () => [...warnings(), ...wired.warnings()] }
  const rooms = { queue, registry, sources, metrics, repository, agent, publisher }
  const why = createWhy(config, { ports, sources, registry }, common)
  return { ...common, ...monitors, ...rooms, ...why, ports }
}

/** The operator's decisions, what is remembered for people who ask why, and who answers them. */
function createWhy(
  config: Config,
  facts: Pick<ExplainOptions, 'ports' | 'sources' | 'registry'>,
  { clock, environment }: { readonly clock: Clock; readonly environment: Environment },
) {
  const settings = createSettings(config)
  const [passes, deliveries] = [createPassMemory(clock), createDeliveryMemory(clock)]
  const redact = createRedactor(secretsOf(config, environment))
  return {
    settings,
    passes,
    deliveries,
    desk: createWhyDesk({ ...facts, settings, passes, deliveries, redact }),
  }
}

/** Heard by everybody who tells what holds it up. */
function watchRepository(
  plain: EnvironmentRepository,
  { clock, breaker }: { readonly clock: Clock; readonly breaker: BreakerMonitor },
) {
  const answers = createRepositoryMonitor(clock)
  const pause = createPauseMonitor()
  const repository = pause.watch(breaker.watch(answers.watch(plain)))
  const sentences = (): readonly string[] =>
    [answers, pause, breaker].flatMap((monitor) => monitor.sentences())
  return { repository, sentences }
}

/** A repository that the configuration names twice has one key all the same. */
function byOneName(queue: Queue, { nameOf }: Pick<SourceRepositories, 'nameOf'>): Queue {
  const nameKey = (key: MergeRequestKey): MergeRequestKey => {
    const ref = parseMergeRequestKey(key)
    return mergeRequestKey({ ...ref, repository: nameOf(ref) })
  }
  return { ...queue, add: (key, trigger) => queue.add(nameKey(key), trigger) }
}

function createCommon(config: Config, { clock, log, random, environment }: Overrides) {
  const used = environment ?? processEnvironment()
  return {
    clock: clock ?? systemClock,
    log: log ?? createLog({ level: 'info', pretty: process.stdout.isTTY, redact: secretsOf(config, used) }),
    random: random ?? Math.random,
    environment: used,
  }
}

interface QueueParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** When a failed pass comes back. */
  readonly backoff: Backoff
}

/** BullMQ where a Redis is configured, else in-process. BullMQ is loaded only when it is used. */
async function createQueue({ redis, prefix, concurrency }: QueueConfig, parts: QueueParts): Promise<Queue> {
  if (redis === null) return createInProcessQueue({ concurrency, ...parts })
  const { createBullmqQueue } = await import('../queue/bullmq.ts')
  return createBullmqQueue({ url: redis, prefix, concurrency, ...parts })
}
