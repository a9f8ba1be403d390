import type { Clock } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import type { Fetch, FetchHeaders } from '../../network/create-fetch.ts'
import { Stalled, RetryLater } from '../../preview/errors.ts'
import { atMost } from '../../pace/at-most.ts'
import {
  type Credentials,
  type ForgeAnswer,
  type ForgeCall,
  type ForgeCallReport,
  type ForgeHttp,
  pathOf,
  placeOf,
} from './call.ts'
import { exchange, type RawAnswer } from './exchange.ts'
import type { KnownAnswer, KnownAnswers } from './known-answers.ts'
import { forgeErrorOf } from './refusal.ts'
import { wordsOf } from './words-of.ts'

const json = /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

export interface ForgeHttpOptions {
  /** The forge's name in the configuration, for messages. */
  readonly name: string
  /** Base of the REST API, without a trailing slash. */
  readonly api: string
  readonly credentials: Credentials
  /** Sent with every call, for example the version of the API. */
  readonly headers: Readonly<Record<string, string>>
  /** What was read before and need not be sent again. */
  readonly known: KnownAnswers
  readonly userAgent: string
  readonly fetch: Fetch
  /** For one call, redirects and body included. */
  readonly timeoutMs: number
  /** Largest body that is read. */
  readonly maxBytes: number
  readonly clock: Clock
  readonly log: Log
  readonly onCall: (report: ForgeCallReport) => void
}

/** Many looks may be under way; no forge likes many questions in the same moment. */
const callsAtOnce = 16

/**
 * A thin JSON client over `fetch`. It follows redirects on its own origin only, at most three, never a URL that a body or
 * a `Link` header names, and never lets the token into a message.
 */
export function createForgeHttp(options: ForgeHttpOptions): ForgeHttp {
  const inTurn = atMost(callsAtOnce)
  return {
    async ask<T>(call: ForgeCall<T>): Promise<ForgeAnswer<T>> {
      const url = urlOf(options, call)
      const known = call.method === 'GET' ? options.known.find(call.operation, url) : null
      const send = () => inTurn(() => attempt(options, call, url, known))
      let sent = await send()
      if (sent.raw.status === 401 && (await options.credentials.renew(call, sent.secret))) sent = await send()
      return answerOf(options, call, { ...sent, url, known })
    },
  }
}

interface Sent {
  readonly raw: RawAnswer
  /** Never to be shown, whatever the answer quotes. */
  readonly secret: string
}

async function attempt(
  options: ForgeHttpOptions,
  call: ForgeCall<unknown>,
  url: URL,
  known: KnownAnswer | null,
): Promise<Sent> {
  const authorization = await options.credentials.header(call)
  checkHeader(options.name, authorization)
  const etag = known?.etag ?? null
  const raw = await timed(options, call, () => exchange({ ...options, authorization, etag }, call, url))
  return { raw, secret: authorization.slice(authorization.indexOf(' ') + 1) }
}

function answerOf<T>(
  options: ForgeHttpOptions,
  call: ForgeCall<T>,
  { raw, secret, url, known }: Sent & { readonly url: URL; readonly known: KnownAnswer | null },
): ForgeAnswer<T> {
  // The tag went with this very URL and this very operation, and so its schema.
  if (raw.status === 304 && known !== null)
    return { kind: 'value', value: known.value as T, headers: known.headers }
  const error = forgeErrorOf(raw, call, { forge: options.name, now: options.clock.now(), secret })
  if (error === null) {
    const value = parseAnswer(raw, call, options.name)
    if (call.method === 'GET') options.known.keep(call.operation, url, { headers: raw.headers, value })
    return { kind: 'value', value, headers: raw.headers }
  }
  // A request to slow down comes with the same statuses and is never an answer.
  if (error instanceof Stalled && call.expected?.includes(raw.status) === true)
    return { kind: 'status', status: raw.status, said: wordsOf(raw.text, secret), error }
  throw error
}

function urlOf(options: ForgeHttpOptions, call: ForgeCall<unknown>): URL {
  const url = new URL(`${options.api}${pathOf(call)}`)
  for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, String(value))
  return url
}

/** `fetch` would quote the whole header in its own error. */
function checkHeader(forge: string, authorization: string): void {
  if (/^[\x20-\x7e]+$/.test(authorization)) return
  throw new Stalled(
    `The token of forge ${forge} holds a character that no HTTP header can carry, often a newline at its end: write it to the configuration again.`,
  )
}

async function timed(
  options: ForgeHttpOptions,
  call: ForgeCall<unknown>,
  run: () => Promise<RawAnswer>,
): Promise<RawAnswer> {
  const startedAt = options.clock.monotonicMs()
  const answered = { status: null as number | null, remaining: null as number | null }
  try {
    const raw = await run()
    answered.status = raw.status
    answered.remaining = remainingOf(raw.headers)
    return raw
  } finally {
    const report = {
      operation: call.operation,
      durationMs: options.clock.monotonicMs() - startedAt,
      ...answered,
    }
    options.onCall(report)
    options.log.debug({ forge: options.name, place: placeOf(call), ...report }, 'asked the forge')
  }
}

function remainingOf(headers: FetchHeaders): number | null {
  const text = headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** The content of a success, of the shape that was asked for. Anything else is odd and says where: `RetryLater`. */
function parseAnswer<T>(raw: RawAnswer, call: ForgeCall<T>, forge: string): T {
  const result = call.schema.safeParse(contentOf(raw, call, forge))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const at =
    issue === undefined || issue.path.length === 0 ? 'the whole answer' : `\`${issue.path.join('.')}\``
  throw odd(forge, call, `${at}: ${issue?.message ?? 'wrong shape'}`)
}

function contentOf(raw: RawAnswer, call: ForgeCall<unknown>, forge: string): unknown {
  // Some versions answer 200 in the place of 204 to what is deleted.
  if (raw.status === 204 || (call.method === 'DELETE' && raw.text === '')) return undefined
  const type = raw.headers.get('content-type') ?? ''
  if (!json.test(type))
    throw odd(forge, call, `content type ${JSON.stringify(type.slice(0, 80))} instead of JSON`)
  if (raw.text.trim() === '') throw odd(forge, call, 'an empty body')
  try {
    return JSON.parse(raw.text) as unknown
  } catch {
    throw odd(forge, call, `JSON that ends or breaks within ${raw.text.length} characters`)
  }
}

function odd(forge: string, call: ForgeCall<unknown>, what: string): RetryLater {
  return new RetryLater(`${forge} gave an odd answer to ${placeOf(call)}: ${what}`)
}
