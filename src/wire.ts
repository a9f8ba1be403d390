import type { Config } from './config/config.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Clock } from './pace/clock.ts'
import { withFallback } from './pace/deadline.ts'
import type { MergeRequestKey } from './preview/key.ts'
import { keyOfPreview } from './preview/preview-id.ts'
import type { Reconcile } from './queue/port.ts'
import { createReconcile } from './reconcile/reconcile.ts'
import { type Sweeper, startSweeper } from './sweep/sweeper.ts'
import { type RunningServer, startServer } from './server.ts'
import { createWebhookRouter } from './webhook/router.ts'
import { createCallback } from './wire/callback.ts'
import { webhookEndpoints } from './wire/forges.ts'
import { createParts, type Parts, type Overrides } from './wire/parts.ts'

/** A running Mayfly. */
export interface Mayfly {
  /** Where webhooks and the API are heard. */
  readonly url: string
  readonly log: Log
  /** Takes no more work, ends what runs within `deadlineMs`, and lets go of everything. */
  close(deadlineMs: number): Promise<void>
}

/**
 * Chooses the adapters that a configuration names, joins the rooms and begins to work; the first sweep starts at once.
 * @throws when the queue's Redis does not answer or may evict keys, or the port is taken.
 */
export async function startMayfly(config: Config, overrides: Overrides = {}): Promise<Mayfly> {
  const parts = await createParts(config, overrides)
  const { log, queue, agent } = parts
  const server = await startHttp(config, parts).catch(async (error: unknown) => {
    await Promise.all([queue.stop(0), parts.repository.close(), agent.close()])
    throw error
  })
  // A lost hint is made up for by the next scheduled pass.
  const wake = (key: MergeRequestKey): void => void queue.add(key, 'hint').catch(() => undefined)
  const reconcile = createReconcile({ ...parts, publish: parts.publisher.publish, wake })
  await queue.start(parts.passes.watch(measured(reconcile, parts)))
  await agent.watch((preview) => {
    const key = keyOfPreview(config.applications, preview)
    if (key !== null) wake(key)
  })
  const sweeper = beginSweeps(config, parts)
  log.info({ url: server.url }, 'listening')
  return { url: server.url, log, close: closeInOrder({ ...parts, server, sweeper }) }
}

function startHttp({ server, ...config }: Config, parts: Parts): Promise<RunningServer> {
  const { queue, sources, metrics, registry, warnings, claims, deliveries, desk, clock, log } = parts
  return startServer({
    ...server,
    webhooks: createWebhookRouter({
      endpoints: webhookEndpoints(config.forges),
      resolve: sources.resolve,
      enqueue: (key) => queue.add(key, 'event'),
      keysOf: (forge, repository, sha) => registry.keysAt(forge, sources.nameOf({ forge, repository }), sha),
      onEvent: claims.note,
      onTaken: deliveries.note,
      maxBody: server.maxBody,
      clock,
      log,
      onWebhook: metrics.webhook,
    }),
    callback: createCallback(
      { server, ...config },
      // A hint: a pass at once, but no event that a removal could count on (law 13).
      { ...parts, repositories: sources, enqueue: (key) => queue.add(key, 'hint') },
    ),
    readiness: [async () => [(await queue.state()).trouble ?? []].flat()],
    warnings,
    metrics,
    previews: registry.records,
    why: { find: registry.find, desk },
    log,
  })
}

function beginSweeps({ sweep }: Config, parts: Parts): Sweeper {
  return startSweeper({
    ...parts,
    ...sweep,
    onOrphans: parts.sweeps.found,
    onComplete: (source) => {
      parts.sweeps.completed(source)
      parts.metrics.sweepCompleted(`${source.forge}:${source.repository}`)
    },
    onFailed: parts.sweeps.failed,
  })
}

/** Counts passes by how they end and how long they take. */
function measured(
  reconcile: Reconcile,
  { metrics, clock }: { readonly metrics: Metrics; readonly clock: Clock },
): Reconcile {
  return async (key, trigger) => {
    const began = clock.monotonicMs()
    const lasted = (): number => clock.monotonicMs() - began
    try {
      const outcome = await reconcile(key, trigger)
      metrics.reconcile(outcome.kind, lasted())
      return outcome
    } catch (error) {
      metrics.reconcile('retry', lasted())
      throw error
    }
  }
}

interface Closing {
  readonly server: { close(deadlineMs: number): Promise<void> }
  readonly sweeper: { stop(): Promise<void> }
  readonly claims: { stop(): void }
  readonly queue: { stop(deadlineMs: number): Promise<void> }
  readonly publisher: { stop(deadlineMs: number): Promise<void> }
  readonly agent: { close(): Promise<void> }
  readonly repository: { close(): Promise<void> }
  readonly clock: Clock
}

/**
 * Along the path: no more is begun, what runs ends, and the door closes last, so that a webhook of the last moment is taken, or told in
 * words to come again. Whatever hangs, the deadline holds: all of it is found again by whoever starts next.
 */
function closeInOrder(closing: Closing): (deadlineMs: number) => Promise<void> {
  const { clock, server, sweeper, queue, claims, publisher, agent, repository } = closing
  return async (deadlineMs) => {
    const end = clock.monotonicMs() + deadlineMs
    const left = (): number => Math.max(0, end - clock.monotonicMs())
    const inTime = (work: Promise<unknown>): Promise<unknown> =>
      withFallback(work, { ms: left(), clock, fallback: () => undefined })
    // A little of the time is kept for what comes after.
    claims.stop()
    const passes = queue.stop(Math.max(0, deadlineMs - LAST_MS))
    await inTime(Promise.all([passes, sweeper.stop()]))
    await inTime(publisher.stop(Math.min(left(), LAST_MS)))
    await inTime(Promise.all([agent.close(), repository.close()]))
    await server.close(Math.min(left(), LAST_MS))
  }
}

const LAST_MS = 2_000
