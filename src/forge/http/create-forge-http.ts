import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { Stalled } from '../../preview/errors.ts'
import {
  type ForgeAnswer,
  type ForgeCall,
  type ForgeCallReport,
  type ForgeHttp,
  pathOf,
  placeOf,
} from './call.ts'
import { atMost } from './at-most.ts'
import { exchange, type RawAnswer } from './exchange.ts'
import { parseAnswer } from './parse-answer.ts'
import { errorOf } from './refusal.ts'

export interface ForgeHttpOptions {
  /** The forge's name in the configuration, for messages. */
  readonly name: string
  /** Base of the REST API, without a trailing slash. */
  readonly api: string
  /** The whole header value, for example `token abc`; asked before every call. */
  readonly authorization: () => Promise<string>
  readonly userAgent: string
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
      const authorization = await options.authorization()
      checkHeader(options.name, authorization)
      const raw = await inTurn(() =>
        timed(options, call, () => exchange({ ...options, authorization }, call, urlOf(options, call))),
      )
      const error = errorOf(raw, call, {
        forge: options.name,
        now: options.clock.now(),
        secret: authorization.slice(authorization.indexOf(' ') + 1),
      })
      if (error === null)
        return { kind: 'value', value: parseAnswer(raw, call, options.name), headers: raw.headers }
      // A request to slow down comes with the same statuses and is never an answer.
      if (error instanceof Stalled && call.expected?.includes(raw.status) === true)
        return { kind: 'status', status: raw.status, error }
      throw error
    },
  }
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
  const startedAt = options.clock.now().getTime()
  const answered = { status: null as number | null, remaining: null as number | null }
  try {
    const raw = await run()
    answered.status = raw.status
    answered.remaining = remainingOf(raw.headers)
    return raw
  } finally {
    const report = {
      operation: call.operation,
      durationMs: options.clock.now().getTime() - startedAt,
      ...answered,
    }
    options.onCall(report)
    options.log.debug({ forge: options.name, place: placeOf(call), ...report }, 'asked the forge')
  }
}

function remainingOf(headers: Headers): number | null {
  const text = headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}
