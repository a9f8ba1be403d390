import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import {
  checkedLookup,
  checkLiteral,
  ForbiddenHost,
  machineResolver,
  type Resolve,
} from '../network/checked-lookup.ts'
import type { Clock } from '../pace/clock.ts'
import { withFallback } from '../pace/deadline.ts'
import type { ProbeSettings } from '../preview/application.ts'
import type { Probe, ProbeAnswer } from './port.ts'

/** Codes of Node and OpenSSL for what goes wrong on the way, in words. */
const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'DNS does not know its host',
  EAI_AGAIN: 'DNS does not answer',
  ECONNREFUSED: 'nobody takes the connection',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its host',
  ETIMEDOUT: 'the connection takes too long',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  EPROTO: 'no TLS is spoken there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS is spoken there',
}

export interface ProbeOptions {
  readonly clock: Clock
  /** Forbidden addresses that may be used all the same: for tests. */
  readonly allowed?: readonly string[]
  /** Absent: the machine's own resolver. */
  readonly resolve?: Resolve
}

/**
 * A probe that goes nowhere but to the host of the URL it is given: over http or https, to addresses that can be a preview's,
 * with no redirect followed, no body read and no credential sent.
 */
export function createProbe(options: ProbeOptions): Probe {
  return {
    async check(url, probing) {
      const ended = new AbortController()
      try {
        const { clock } = options
        const answer = ask(options, targetOf(url, probing), ended.signal)
        const within = { ms: probing.timeoutMs, clock, fallback: () => null }
        return judge(await withFallback<number | null>(answer, within), probing)
      } catch (error) {
        return { kind: 'silent', why: wordsOfFailure(error) }
      } finally {
        ended.abort()
      }
    },
  }
}

/** `null`: no answer in time. A redirect is an answer like any other. */
function judge(status: number | null, { status: range, timeoutMs }: ProbeSettings): ProbeAnswer {
  if (status === null) return { kind: 'silent', why: `no answer within ${timeoutMs / 1000} s` }
  if (status >= range.least && status <= range.most) return { kind: 'answers' }
  return { kind: 'silent', why: String(status) }
}

/** The path goes behind the one of the preview, so that previews may share a host. */
function targetOf(url: string, { path }: ProbeSettings): URL {
  const target = new URL(url)
  target.pathname = `${target.pathname.replace(/\/+$/, '')}${path}`
  if (!['http:', 'https:'].includes(target.protocol)) throw new ForbiddenHost('its URL is not of the web')
  target.username = ''
  target.password = ''
  target.search = ''
  target.hash = ''
  return target
}

/** The status of the answer to one GET. */
async function ask(
  { resolve = machineResolver, allowed = [] }: ProbeOptions,
  target: URL,
  signal: AbortSignal,
): Promise<number> {
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0) checkLiteral(host, allowed)
  const request = target.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((done, fail) => {
    const asked = request(target, {
      method: 'GET',
      headers: { 'user-agent': 'mayfly', accept: '*/*' },
      agent: false,
      lookup: checkedLookup(resolve, allowed),
      signal,
    })
    asked.on('response', (response) => {
      // Nothing of the body is of interest.
      response.destroy()
      done(response.statusCode ?? 0)
    })
    asked.on('error', fail)
    asked.end()
  })
}

/** Why no answer came, in words. */
function wordsOfFailure(error: unknown): string {
  if (error instanceof ForbiddenHost) return error.message
  const code = codeOf(error)
  if (code.startsWith('HPE_')) return 'what it answers is no HTTP'
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return words[code] ?? 'no TLS connection comes about'
  return words[code] ?? `no connection comes about${code === '' ? '' : ` (${code})`}`
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
