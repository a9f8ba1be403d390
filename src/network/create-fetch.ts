import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici'
import { proxyFor, type NetworkEnvironment } from './proxy-for.ts'

export interface FetchRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly redirect: 'manual'
  readonly signal: AbortSignal
  readonly body?: string
}

export interface FetchHeaders {
  /** The name may have any case. */
  get(name: string): string | null
}

export interface FetchAnswer {
  readonly status: number
  readonly headers: FetchHeaders
  /** Leaving the loop over it, or `cancel`, ends the transfer. */
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null
}

/** `fetch`, by the way that the variables of this process say. */
export interface Fetch {
  send(url: URL, request: FetchRequest): Promise<FetchAnswer>
  /** Host and port of the proxy for a URL, for messages; null: it is reached directly. */
  proxyOf(url: URL): string | null
}

/** HTTP/1.1 throughout: a proxy in the middle speaks nothing else. */
const connection = { allowH2: false } as const

/**
 * One way for every call of an API: directly, or through the proxy that `variables` name for its address. `lookup` finds the
 * addresses of hosts that are reached directly; behind a proxy, the proxy alone finds them.
 */
export function createFetch(variables: NetworkEnvironment, lookup: LookupFunction | null = null): Fetch {
  const direct = new Agent(lookup === null ? connection : { ...connection, connect: { lookup } })
  const proxies = new Map<string, Dispatcher>()

  return {
    send: (url, request) => fetch(url, { ...request, dispatcher: dispatcherFor(url) }),
    proxyOf: (url) => proxyFor(variables, url)?.host ?? null,
  }

  function dispatcherFor(url: URL): Dispatcher {
    const proxy = proxyFor(variables, url)
    if (proxy === null) return direct
    const known = proxies.get(proxy.href)
    if (known !== undefined) return known
    const made = new ProxyAgent({ ...connection, uri: proxy.href })
    proxies.set(proxy.href, made)
    return made
  }
}
