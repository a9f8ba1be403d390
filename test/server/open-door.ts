import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/pace/clock.ts'
import { systemClock } from '../../src/pace/clock.ts'
import { secret } from '../../src/config/secret.ts'
import { createLog } from '../../src/log.ts'
import { createMetrics, type Metrics } from '../../src/metrics.ts'
import { createPreviewRegistry } from '../../src/report/preview-registry.ts'
import { type ServerOptions, startServer } from '../../src/server.ts'
import { createWebhookRouter, type WebhookRouterOptions } from '../../src/webhook/router.ts'
import { ask, type HttpAnswer, type HttpQuestion } from '../support/http-post.ts'
import { type Dialect, proofHeaders } from '../support/sign-webhook.ts'
import { deliveryNamed, type Family, families } from '../webhook/payloads.ts'

export const webhookKey = 'canary-webhook-secret-of-acme'

export interface Door {
  readonly url: string
  readonly metricsUrl: string
  /** Arguments of every call of the queue. */
  readonly taken: unknown[][]
  readonly answers: string[]
  readonly logged: string[]
  readonly metrics: Metrics
  readonly close: (deadlineMs: number) => Promise<void>
}

/** The whole HTTP side on a free port, with four forges named like their kind, a queue that notes keys, and a log in memory. */
export async function openDoor(
  router: Partial<WebhookRouterOptions> = {},
  server: Partial<ServerOptions> = {},
  clock: Clock = systemClock,
): Promise<Door> {
  const taken: unknown[][] = []
  const answers: string[] = []
  const logged: string[] = []
  const destination = { write: (line: string) => logged.push(line) }
  const log = createLog({ level: 'debug', pretty: false, destination, redact: [secret(webhookKey)] })
  const queue = { waiting: 0, active: 0, delayed: 0, oldestWaitingMs: 0, trouble: null }
  const registry = createPreviewRegistry(clock)
  const sources = {
    queue: () => Promise.resolve(queue),
    previews: () => registry.counts(),
    breakerHeld: () => false,
    forgeRefusals: () => [],
    agent: () => null,
    repositories: [],
  }
  const metrics = createMetrics(clock, sources)
  const webhooks = createWebhookRouter({
    endpoints: families.map((forge) => ({ forge, kind: forge, secrets: [secret(webhookKey)] })),
    resolve: (_forge, { id }) => (id === '77' ? 'acme/shop' : undefined),
    enqueue: (...args: unknown[]) => {
      taken.push(args)
      return Promise.resolve()
    },
    onEvent: () => undefined,
    onTaken: () => undefined,
    keysOf: () => [],
    maxBody: 1024 * 1024,
    clock,
    log,
    onWebhook: (forge, answer) => {
      answers.push(`${forge} ${answer}`)
      metrics.webhook(forge, answer)
    },
    failuresPerMinute: 1_000_000,
    ...router,
  })
  const running = await startServer({
    host: '127.0.0.1',
    port: 0,
    metricsPort: null,
    webhooks,
    callback: null,
    readiness: [],
    warnings: () => [],
    metrics,
    previews: () => registry.records(),
    why: { find: () => null, desk: { ask: () => Promise.resolve({ kind: 'unknown', why: 'nobody asks' }) } },
    log,
    ...server,
  })
  onTestFinished(() => running.close(0))
  return { ...running, taken, answers, logged, metrics }
}

/** A signed delivery; `headers` override, and an empty array leaves one out. */
export function deliver(
  door: Door,
  family: Family,
  body: string | Uint8Array = JSON.stringify(deliveryNamed(family, 'opened').body),
  question: HttpQuestion & { readonly proof?: Dialect } = {},
): Promise<HttpAnswer> {
  const headers = {
    'content-type': 'application/json',
    ...deliveryNamed(family, 'opened').headers,
    ...proofHeaders(question.proof ?? family, webhookKey, body, new Date()),
    ...question.headers,
  }
  const kept = Object.fromEntries(Object.entries(headers).filter(([, value]) => value.length > 0))
  return ask(`${door.url}/webhooks/${family}`, { method: 'POST', body, ...question, headers: kept })
}
