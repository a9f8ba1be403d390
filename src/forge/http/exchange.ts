import type { Fetch, FetchAnswer, FetchRequest, FetchHeaders } from '../../network/create-fetch.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import { type ForgeCall, placeOf } from './call.ts'

const redirects: readonly number[] = [301, 302, 303, 307, 308]

const onlyForReading: readonly number[] = [302, 303]

/** An answer as it came over the wire, redirects followed. */
export interface RawAnswer {
  readonly status: number
  readonly headers: FetchHeaders
  readonly text: string
}

export interface ExchangeOptions {
  readonly name: string
  readonly fetch: Fetch
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
      `${options.name} did not answer ${placeOf(call)} (${reasonOf(error, options.timeoutMs)}${wayOf(options, url)})`,
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
    const response = await options.fetch.send(url, requestOf(options, call, signal))
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

function requestOf(options: ExchangeOptions, call: ForgeCall<unknown>, signal: AbortSignal): FetchRequest {
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

/** Who asks through a proxy looks there first. */
function wayOf(options: ExchangeOptions, url: URL): string {
  const proxy = options.fetch.proxyOf(url)
  return proxy === null ? '' : `, through the proxy ${proxy}`
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

/** The body as text, read no further than `maxBytes`. */
async function readCapped(response: FetchAnswer, maxBytes: number, place: string): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream, so an endless answer ends here.
    if (size > maxBytes)
      throw new RetryLater(`${place}: the answer is larger than ${maxBytes} bytes`, { tooLarge: true })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Where a renamed repository lives now, or null when this is no redirect. Only ever an address on the same origin. */
function redirectTarget(
  response: FetchAnswer,
  from: URL,
  call: ForgeCall<unknown>,
  forge: string,
): URL | null {
  if (!redirects.includes(response.status)) return null
  const location = response.headers.get('location') ?? ''
  if (location === '' || !URL.canParse(location, from.href))
    throw new RetryLater(`${forge} redirects ${placeOf(call)} (${response.status}) without saying where to`)
  const target = new URL(location, from)
  if (target.origin !== from.origin)
    throw new Stalled(
      `${forge} redirects ${placeOf(call)} from ${from.origin} to ${target.origin}. Mayfly does not send its token there: if that is the forge's address today, set \`url\` of forge ${forge} to it.`,
    )
  if (call.method !== 'GET' && onlyForReading.includes(response.status))
    throw new RetryLater(
      `${forge} answers ${placeOf(call)} with a redirect (${response.status}) that fits no write`,
    )
  return new URL(`${target.pathname}${target.search}`, from.origin)
}
