import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import type { Fetch, FetchAnswer } from '../network/create-fetch.ts'
import type { Clock } from '../pace/clock.ts'
import { withDeadline } from '../pace/deadline.ts'
import { IssuerAway } from './issuer-away.ts'

/** OpenID Connect Discovery 1.0, section 3. */
const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() })
/** RFC 7517, section 5. */
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

const deadlineMs = 5_000
const maxBytes = 256 * 1024

export interface IssuerParts {
  readonly fetch: Fetch
  readonly clock: Clock
}

/**
 * The keys that an issuer signs with today: its discovery document first, then what that names, on the same origin and without
 * a redirect.
 * @throws IssuerAway within 5 s
 */
export async function readIssuer({ fetch, clock }: IssuerParts, issuer: string): Promise<JSONWebKeySet> {
  const over = new AbortController()
  const late = (): Error => new IssuerAway(`${issuer} did not answer within ${deadlineMs / 1000} s`)
  try {
    const keys = readKeys({ fetch, signal: over.signal }, issuer)
    return await withDeadline(keys, { ms: deadlineMs, clock, late })
  } catch (error) {
    if (error instanceof IssuerAway) throw error
    throw new IssuerAway(`${issuer} did not answer`, { cause: error })
  } finally {
    over.abort()
  }
}

interface Asking {
  readonly fetch: Fetch
  readonly signal: AbortSignal
}

async function readKeys(asking: Asking, issuer: string): Promise<JSONWebKeySet> {
  const place = new URL(`${issuer}/.well-known/openid-configuration`)
  const discovery = Discovery.safeParse(await readJson(asking, place)).data
  if (discovery === undefined) throw new IssuerAway(`${issuer}: its discovery document names no keys`)
  // Section 4.3: else the document is somebody else's.
  if (discovery.issuer.replace(/\/+$/, '') !== issuer)
    throw new IssuerAway(`${issuer}: its discovery document is that of another issuer`)
  const keysUrl = URL.canParse(discovery.jwks_uri) ? new URL(discovery.jwks_uri) : null
  if (keysUrl?.origin !== place.origin)
    throw new IssuerAway(`${issuer}: its discovery document points to keys on another host`)
  const keys = KeySet.safeParse(await readJson(asking, keysUrl)).data
  if (keys === undefined) throw new IssuerAway(`${issuer}: its keys are no JSON Web Key Set`)
  return keys
}

async function readJson({ fetch, signal }: Asking, url: URL): Promise<unknown> {
  const headers = { accept: 'application/json', 'user-agent': 'mayfly' }
  const answer = await fetch.send(url, { method: 'GET', headers, redirect: 'manual', signal })
  if (answer.status !== 200) {
    await answer.body?.cancel()
    throw new IssuerAway(`${url.origin}${url.pathname} answered with ${answer.status}`)
  }
  try {
    return JSON.parse(await textOf(answer, url)) as unknown
  } catch (error) {
    throw error instanceof SyntaxError ? new IssuerAway(`${url.origin}${url.pathname} is no JSON`) : error
  }
}

/** Leaving the loop ends the transfer. */
async function textOf({ body }: FetchAnswer, url: URL): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new IssuerAway(`${url.origin}${url.pathname} has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
