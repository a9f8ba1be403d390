import { RetryLater, Stalled } from '../../preview/errors.ts'
import { type ForgeCall, placeOf } from './call.ts'
import { readCapped } from './read-capped.ts'
import { redirectTarget } from './redirect-target.ts'

/** An answer as it came over the wire, redirects followed. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface ExchangeOptions {
  readonly name: string
  readonly authorization: string
  /** Sent with every call, for example the version of the API. */
  readonly headers: Readonly<Record<string, string>>
  /** The tag of an answer that is known already; null: none is. */
  readonly etag: string | null
  readonly userAgent: string
  readonly timeoutMs: number
  readonly maxBytes: number
}

const maxRedirects = 3

/** Sends one call and reads the whole answer. Throws `RetryLater` when there is none, `Stalled` when the forge points elsewhere. */
export async function exchange(
  options: ExchangeOptions,
  call: ForgeCall<unknown>,
  url: URL,
): Promise<RawAnswer> {
  try {
    return await follow(options, call, url, AbortSignal.timeout(options.timeoutMs))
  } catch (error) {
    if (error instanceof RetryLater || error instanceof Stalled) throw error
    // The cause stays behind: what a network stack says may quote a header.
    throw new RetryLater(
      `${options.name} did not answer ${placeOf(call)} (${reasonOf(error, options.timeoutMs)})`,
    )
  }
}

async function follow(
  options: ExchangeOptions,
  call: ForgeCall<unknown>,
  start: URL,
  signal: AbortSignal,
): Promise<RawAnswer> {
  let url = start
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await fetch(url, requestOf(options, call, signal))
    const next = redirectTarget(response, url, call, options.name)
    if (next === null) {
      const text = await readCapped(response, options.maxBytes, `${options.name}: ${placeOf(call)}`)
      return { status: response.status, headers: response.headers, text }
    }
    await response.body?.cancel()
    url = next
  }
  throw new RetryLater(`${options.name} redirects ${placeOf(call)} more than ${maxRedirects} times`)
}

function requestOf(options: ExchangeOptions, call: ForgeCall<unknown>, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...options.headers,
    authorization: options.authorization,
    'user-agent': options.userAgent,
    ...(options.etag === null ? {} : { 'if-none-match': options.etag }),
  }
  if (call.body === undefined) return { method: call.method, headers, redirect: 'manual', signal }
  headers['content-type'] = 'application/json'
  return { method: call.method, headers, redirect: 'manual', signal, body: JSON.stringify(call.body) }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'unknown reason'
  if (error.name === 'TimeoutError') return `nothing complete within ${timeoutMs / 1000} s`
  return codeOf(error.cause) ?? codeOf(error) ?? error.name
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  return error.code
}
