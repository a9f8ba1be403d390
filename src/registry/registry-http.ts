import { isIP, type LookupFunction } from 'node:net'
import { checkedLookup, checkLiteral, ForbiddenHost, type Resolve } from '../network/checked-lookup.ts'
import type { Fetch, FetchAnswer, FetchHeaders } from '../network/create-fetch.ts'
import type { Clock } from '../pace/clock.ts'
import { withDeadline } from '../pace/deadline.ts'
import { RetryLater } from '../preview/errors.ts'
import { createSlowDown } from './slow-down.ts'

export interface RegistryQuestion {
  readonly method: 'HEAD' | 'GET'
  readonly headers: Readonly<Record<string, string>>
  /** False: the body is of no interest. */
  readonly reads: boolean
}

export interface RegistryAnswer {
  readonly status: number
  readonly headers: FetchHeaders
  readonly text: string
}

export interface RegistryHttp {
  /**
   * Asks once and follows no redirect.
   * @throws ForbiddenHost when the host leads where it must not, RetryLater for all that is no answer to build on.
   */
  ask(url: URL, question: RegistryQuestion): Promise<RegistryAnswer>
}

export interface RegistryHttpOptions {
  /** Makes the way out; `lookup` refuses addresses at the very moment of connecting. */
  readonly fetch: (lookup: LookupFunction) => Fetch
  readonly resolve: Resolve
  readonly clock: Clock
  /** Forbidden addresses that may be used all the same. */
  readonly allowed: readonly string[]
}

const deadlineMs = 10_000
const maxBytes = 64 * 1024

export function createRegistryHttp(options: RegistryHttpOptions): RegistryHttp {
  const { clock, allowed } = options
  const fetch = options.fetch(checkedLookup(options.resolve, allowed))
  const slowDown = createSlowDown(clock)

  return {
    async ask(url, question) {
      checkHost(url, allowed)
      slowDown.expectOpen(url.host)
      const answer = await send(url, question)
      slowDown.expectNow(url.host, answer)
      if (answer.status >= 300 && answer.status < 400)
        throw new RetryLater(
          `${url.host} answered with ${answer.status}: Mayfly follows no redirect of a registry, a token would go along`,
        )
      return answer
    },
  }

  async function send(url: URL, question: RegistryQuestion): Promise<RegistryAnswer> {
    const over = new AbortController()
    const late = (): Error => new RetryLater(`${wayTo(url)} did not answer within ${deadlineMs / 1000} s`)
    try {
      return await withDeadline(exchangeOnce(url, question, over.signal), { ms: deadlineMs, clock, late })
    } catch (error) {
      throw errorOf(error, wayTo(url))
    } finally {
      over.abort()
    }
  }

  async function exchangeOnce(
    url: URL,
    { method, headers, reads }: RegistryQuestion,
    signal: AbortSignal,
  ): Promise<RegistryAnswer> {
    const sent = { ...headers, 'user-agent': 'mayfly' }
    const answer = await fetch.send(url, { method, headers: sent, redirect: 'manual', signal })
    if (!reads) await answer.body?.cancel()
    return { status: answer.status, headers: answer.headers, text: reads ? await textOf(answer, url) : '' }
  }

  function wayTo(url: URL): string {
    const proxy = fetch.proxyOf(url)
    return proxy === null ? url.host : `${url.host}, through the proxy ${proxy},`
  }
}

/** Names are looked at when a connection is made; an address, and what a proxy would take for itself, before. */
function checkHost(url: URL, allowed: readonly string[]): void {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0) checkLiteral(host, allowed)
  const isLocal = /(^|\.)localhost\.?$/.test(host)
  if (isLocal && !allowed.includes('127.0.0.1')) throw new ForbiddenHost(`${host} is this machine itself`)
}

/** The cause stays behind: what a network stack says may quote a header. */
function errorOf(error: unknown, way: string): Error {
  if (error instanceof RetryLater || error instanceof ForbiddenHost) return error
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof ForbiddenHost) return cause
  return new RetryLater(`${way} did not answer (${codeOf(cause) ?? codeOf(error) ?? 'no connection'})`)
}

/** Leaving the loop ends the transfer. */
async function textOf({ body }: FetchAnswer, url: URL): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new RetryLater(`${url.host} answered with more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
