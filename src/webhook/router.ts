import { type Request, type Response, Router } from 'express'
import type { Secret } from '../config/secret.ts'
import type { SignedRequest, WebhookReading } from '../forge/webhook-dialect.ts'
import { type ForgeKindName, forgeKinds } from '../forge/kinds.ts'
import * as answers from './answer.ts'
import type { HttpAnswer, WebhookAnswer } from './answer.ts'
import { createFailureLimit } from './failure-limit.ts'
import { createEventReader, type EventReader } from './create-event-reader.ts'
import { readBody } from './read-body.ts'
import { receive } from './receive.ts'
import { takeEvent, type TakingParts } from './take-event.ts'

/** One configured forge: its name is the last part of the path, which alone chooses kind and secrets. */
export interface WebhookEndpoint {
  readonly forge: string
  readonly kind: ForgeKindName
  readonly secrets: readonly Secret[]
}

export interface WebhookRouterOptions extends TakingParts {
  readonly endpoints: readonly WebhookEndpoint[]
  /** Largest body in bytes, inclusive. */
  readonly maxBody: number
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
    scope: (request) => String(request.params['forge']),
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
  const { forge } = endpoint
  return takeEvent(options, { forge, delivery: deliveryOf(endpoint, request) }, received)
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
