import { type Request, type Response, Router } from 'express'
import type { Clock } from '../pace/clock.ts'
import { withDeadline } from '../pace/deadline.ts'
import type { Secret } from '../config/secret.ts'
import {
  type EventReceived,
  type EventRepository,
  type MergeRequestEvent,
  shown,
  type SignedRequest,
  type WebhookReading,
} from '../forge/webhook-dialect.ts'
import { type ForgeKindName, forgeKinds } from '../forge/kinds.ts'
import type { Log } from '../log.ts'
import { type MergeRequestKey, mergeRequestKey } from '../preview/key.ts'
import type { EventClaim } from '../preview/merge-request.ts'
import * as answers from './answer.ts'
import type { HttpAnswer, WebhookAnswer } from './answer.ts'
import { createFailureLimit } from './failure-limit.ts'
import { createEventReader, type EventReader } from './create-event-reader.ts'
import { readBody } from './read-body.ts'
import { receive } from './receive.ts'

const takeWithinMs = 5000

/** One configured forge: its name is the last part of the path, which alone chooses kind and secrets. */
export interface WebhookEndpoint {
  readonly forge: string
  readonly kind: ForgeKindName
  readonly secrets: readonly Secret[]
}

export interface WebhookRouterOptions {
  readonly endpoints: readonly WebhookEndpoint[]
  /** The repository as the configuration writes it; undefined when it is not configured. */
  readonly resolve: (forge: string, repository: EventRepository) => string | undefined
  /** Puts a key into the queue; throws when it was not taken. */
  readonly enqueue: (key: MergeRequestKey) => Promise<void>
  /** Told of every event about a configured repository, before its key is queued. */
  readonly onEvent: (key: MergeRequestKey, claim: EventClaim) => void
  /** Largest body in bytes, inclusive. */
  readonly maxBody: number
  readonly clock: Clock
  readonly log: Log
  readonly onWebhook: (forge: string, answer: WebhookAnswer) => void
  /** Failed signatures an address may have in a minute before it gets 429; 100 when left out. */
  readonly failuresPerMinute?: number
}

interface RunningRouter extends WebhookRouterOptions {
  readonly read: EventReader
}

/**
 * `POST /webhooks/<forge name>`: checks in order of cost, and never logs a body or a header.
 * @throws RangeError when `maxBody` is no size.
 */
export function createWebhookRouter(options: WebhookRouterOptions): Router {
  if (!Number.isSafeInteger(options.maxBody) || options.maxBody < 1)
    throw new RangeError(`maxBody must be a whole number of bytes above 0, not ${options.maxBody}`)
  const running: RunningRouter = { ...options, read: createEventReader() }
  const endpoints = new Map(options.endpoints.map((endpoint) => [endpoint.forge, endpoint]))
  const limitFailures = createFailureLimit({
    perMinute: options.failuresPerMinute ?? 100,
    clock: options.clock,
    onExceeded: (request, response) => {
      send(options, endpointOf(endpoints, request), response, tooManyFailures)
    },
  })

  const router = Router()
  router.post('/webhooks/:forge', async (request, response, next) => {
    const endpoint = endpointOf(endpoints, request)
    const answer = endpoint === undefined ? answers.unknownForge : await answerTo(running, endpoint, request)
    if (answer.answer !== 'bad-signature') {
      send(options, endpoint, response, answer)
      return
    }
    await limitFailures(request, response, (error?: unknown) => {
      if (error !== undefined) next(error)
      else send(options, endpoint, response, answer)
    })
  })
  return router
}

const tooManyFailures: HttpAnswer = {
  ...answers.refused(
    'rate-limited',
    429,
    'Too many wrong signatures from this address: correct the secret first.',
  ),
  retryAfter: 60,
}

function endpointOf(
  endpoints: ReadonlyMap<string, WebhookEndpoint>,
  request: Request,
): WebhookEndpoint | undefined {
  return endpoints.get(String(request.params['forge']))
}

async function answerTo(
  options: RunningRouter,
  endpoint: WebhookEndpoint,
  request: Request,
): Promise<HttpAnswer> {
  if (!isPlainJson(request.headersDistinct)) return answers.wrongType
  const body = await readBody(request, options.maxBody)
  if (body.kind === 'too-large') return answers.tooLarge(options.maxBody)
  if (body.kind === 'cut-off') return answers.cutOff
  if (body.bytes.length === 0) return answers.empty

  const received = await receive(
    forgeKinds[endpoint.kind].webhook,
    { headers: request.headersDistinct, bytes: body.bytes },
    endpoint.secrets,
    options.clock.now(),
    async (genuine) => await readGenuine(options, endpoint, genuine),
  )
  if (received.kind === 'unread') return answers.notTaken
  if (received.kind === 'ignored') return answers.ignoredBecause(received.reason)
  if (received.kind === 'refused')
    return answers.refused(
      received.status === 401 ? 'bad-signature' : 'malformed',
      received.status,
      received.error,
    )
  return enqueue(options, endpoint, received, deliveryOf(endpoint, request))
}

async function readGenuine(
  { read, log }: RunningRouter,
  { forge, kind }: WebhookEndpoint,
  genuine: SignedRequest,
): Promise<WebhookReading | { readonly kind: 'unread' }> {
  try {
    return await read(kind, genuine)
  } catch (error) {
    log.warn({ forge, bytes: genuine.bytes.length, error }, 'webhook could not be read')
    return { kind: 'unread' }
  }
}

/** Whether headers announce JSON in UTF-8, not compressed: the only thing a webhook may be. */
function isPlainJson(headers: Readonly<Record<string, readonly string[] | undefined>>): boolean {
  const [type, secondType] = headers['content-type'] ?? []
  if (type === undefined || secondType !== undefined) return false
  if (!/^application\/json\s*(;\s*charset=("utf-8"|utf-8)\s*)?$/i.test(type)) return false
  return (headers['content-encoding'] ?? []).every((encoding) => encoding.toLowerCase() === 'identity')
}

// Ids are short and plain; anything else is not repeated in the log.
function deliveryOf(endpoint: WebhookEndpoint, request: Request): string | undefined {
  const [id] = request.headersDistinct[forgeKinds[endpoint.kind].webhook.deliveryHeader] ?? []
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined
}

async function enqueue(
  options: WebhookRouterOptions,
  endpoint: WebhookEndpoint,
  { event, repository, number, sha }: EventReceived,
  delivery: string | undefined,
): Promise<HttpAnswer> {
  const configured = options.resolve(endpoint.forge, repository)
  if (configured === undefined)
    return answers.ignoredBecause(
      `repository ${shown(repository.fullName)} has no application in mayfly.yaml`,
    )

  const key = mergeRequestKey({ forge: endpoint.forge, repository: configured, number })
  try {
    options.onEvent(key, { sha, state: stateAfter(event) })
    await withDeadline(options.enqueue(key), { ms: takeWithinMs, clock: options.clock, late: tooLate })
  } catch (error) {
    options.log.warn(
      { forge: endpoint.forge, mergeRequest: key, delivery, error },
      'webhook not taken by the queue',
    )
    return answers.notTaken
  }
  options.log.info({ forge: endpoint.forge, mergeRequest: key, event, delivery }, 'webhook taken')
  return answers.taken(key)
}

/** What is true of a merge request once such an event has happened; null: the event does not tell. */
function stateAfter(event: MergeRequestEvent): 'open' | 'ended' | null {
  switch (event) {
    case 'opened':
    case 'reopened':
    case 'pushed':
      return 'open'
    case 'closed':
    case 'merged':
      return 'ended'
    case 'labelled':
    case 'edited':
    case 'commented':
    case 'other':
      return null
  }
}

function tooLate(): Error {
  return new Error(`the queue did not answer within ${takeWithinMs} ms`)
}

function send(
  options: WebhookRouterOptions,
  endpoint: WebhookEndpoint | undefined,
  response: Response,
  { answer, status, body, retryAfter }: HttpAnswer,
): void {
  // The path may hold anything: only configured names become a label or a line in the log.
  const forge = endpoint?.forge ?? 'unknown'
  options.onWebhook(forge, answer)
  if (answer !== 'taken' && answer !== 'not-taken')
    options.log[severityOf(answer)]({ forge, answer, status }, 'webhook not acted on')
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter))
  response.status(status).json(body)
}

// Strangers can send all the others as often as they like; the metrics count them.
function severityOf(answer: WebhookAnswer): 'debug' | 'warn' {
  return answer === 'bad-signature' ? 'warn' : 'debug'
}
