import type { Agent } from './agent/port.ts'
import { createNoAgent } from './agent/none.ts'
import { type Clock, type Random, systemClock } from './clock.ts'
import type { Config } from './config/config.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { backoffUpTo } from './queue/backoff.ts'
import { createReconcile } from './reconcile/reconcile.ts'
import { createSourceRepositories } from './reconcile/source-repositories.ts'
import { startSweeper } from './reconcile/sweeper.ts'
import { createBoard } from './report/board.ts'
import type { WriteLimit } from './report/publish/write-budget.ts'
import { startServer } from './server.ts'
import { createWebhookRouter } from './webhook/router.ts'
import { createBreakerWatch } from './wire/breaker-watch.ts'
import { closeInTurn } from './wire/close-in-turn.ts'
import { createEnvironmentRepository } from './wire/environment-repository.ts'
import { createForges, webhookDoors } from './wire/forges.ts'
import { createInstallation } from './wire/installation.ts'
import { measured } from './wire/measured.ts'
import { createReportPublisher } from './wire/publisher.ts'
import { createQueue } from './wire/queue.ts'
import { secretsOf } from './wire/secrets.ts'

/** A running Mayfly. */
export interface Mayfly {
  /** Where webhooks and the API are heard. */
  readonly url: string
  readonly log: Log
  /** Takes no more work, ends what runs within `deadlineMs`, and lets go of everything. */
  close(deadlineMs: number): Promise<void>
}

/** What a sandbox or a test puts in the place of the usual parts. */
export interface Stand {
  readonly agent?: Agent
  readonly log?: Log
  readonly clock?: Clock
  readonly random?: Random
  /** Of comments and statuses; absent: what every forge is content with. */
  readonly pace?: { readonly limits: readonly WriteLimit[] }
}

/**
 * Chooses the adapters that a configuration names, joins the rooms and begins to work; the first sweep starts at once.
 * @throws when the queue's Redis does not answer or may evict keys, or the port is taken.
 */
export async function startMayfly(config: Config, stand: Stand = {}): Promise<Mayfly> {
  const clock = stand.clock ?? systemClock
  const log = stand.log ?? standardLog(config)
  const parts = { clock, log, random: stand.random ?? Math.random }
  const queue = await createQueue(config.queue, {
    ...parts,
    // After any fault all is well again within one sweep.
    backoff: backoffUpTo(config.sweep.everyMs),
  })
  const board = createBoard(clock)
  const breaker = createBreakerWatch()
  const sources = createSourceRepositories(config.applications)
  const metrics = createMetrics(clock, {
    queue: () => queue.state(),
    previews: () => board.counts(),
    breakerHeld: breaker.isHolding,
    repositories: sources.all().map(({ forge, repository }) => `${forge}:${repository}`),
  })
  const forges = createForges(config, {
    ...parts,
    onCall: (forge, { durationMs, ...call }) => {
      metrics.forgeCall({ forge, ms: durationMs, ...call })
    },
  })
  const repository = breaker.watch(createEnvironmentRepository(config, { ...parts, onPush: metrics.push }))
  const installation = createInstallation(config, {
    forges,
    repository,
    agent: stand.agent ?? createNoAgent(),
  })
  const publisher = createReportPublisher(forges, { ...parts, ...stand.pace })
  const look = createReconcile({ installation, sources, board, publish: publisher.want, log })
  const server = await startServer({
    ...config.server,
    webhooks: createWebhookRouter({
      doors: webhookDoors(config),
      resolve: sources.resolve,
      take: (key) => queue.add(key, 'event'),
      maxBody: config.server.maxBody,
      clock,
      log,
      onWebhook: metrics.webhook,
    }),
    readiness: [async () => [(await queue.state()).trouble ?? []].flat()],
    metrics,
    previews: board.records,
    log,
  })
  await queue.start(measured(look, metrics, clock))
  await installation.agent.watch((key) => {
    // A hint that is lost is made up for by the next look on schedule.
    queue.add(key, 'hint').catch(() => undefined)
  })
  const sweeper = startSweeper({
    installation,
    sources,
    queue,
    onComplete: (source) => {
      metrics.sweepCompleted(`${source.forge}:${source.repository}`)
    },
    everyMs: config.sweep.everyMs,
    clock,
    log,
  })
  return {
    url: server.url,
    log,
    close: closeInTurn({ server, sweeper, queue, publisher, agent: installation.agent, repository, clock }),
  }
}

function standardLog(config: Config): Log {
  return createLog({ level: 'info', pretty: process.stdout.isTTY, redact: secretsOf(config) })
}
