import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { startHttpServer, type TestServer } from './http-server.ts'

export interface OidcIssuer extends TestServer {
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  /** The keys that it shows. */
  readonly shown: JWK[]
  /** Answers in its place; null: it answers itself. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | null
  /** In its discovery document; null: its own. */
  keysAt: string | null
  calledItself: string | null
  /** One more key; shown at once unless `hidden`. */
  addKey(kid: string, wish?: { readonly alg?: string; readonly hidden?: boolean }): Promise<void>
  /** A token as its jobs get: `claims` go over the usual ones, undefined takes one out. */
  token(claims?: Readonly<Record<string, unknown>>, wish?: TokenWish): Promise<string>
}

export interface TokenWish {
  readonly kid?: string
  /** In the header, where it is not the key's own. */
  readonly header?: Readonly<Record<string, unknown>>
}

/** An issuer of tokens for CI jobs, as GitHub and GitLab are ones: discovery, keys, signatures. Has the key `first`. */
export async function startOidcIssuer(now: () => Date = () => new Date()): Promise<OidcIssuer> {
  const keys = new Map<string, { readonly alg: string; readonly privateKey: CryptoKey }>()
  const server = await startHttpServer((request, response) => {
    const path = request.url ?? ''
    issuer.asked.push(path)
    if (issuer.instead !== null) {
      issuer.instead(request, response)
      return
    }
    const answer = answers(path)
    if (answer === null) response.writeHead(404).end()
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  const issuer: OidcIssuer = {
    ...server,
    asked: [],
    shown: [],
    instead: null,
    keysAt: null,
    calledItself: null,
    async addKey(kid, { alg = 'RS256', hidden = false } = {}) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      keys.set(kid, { alg, privateKey })
      const shown = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
      if (!hidden) issuer.shown.push(shown)
    },
    async token(claims = {}, { kid = 'first', header = {} } = {}) {
      const key = keys.get(kid)
      if (key === undefined) throw new Error(`no key ${kid}`)
      return new SignJWT({ ...usual(), ...claims })
        .setProtectedHeader({ alg: key.alg, kid, typ: 'JWT', ...header })
        .sign(key.privateKey)
    },
  }
  await issuer.addKey('first')
  return issuer

  function answers(path: string): object | null {
    if (path === '/.well-known/openid-configuration')
      return {
        issuer: issuer.calledItself ?? server.url,
        jwks_uri: issuer.keysAt ?? `${server.url}/.well-known/jwks`,
      }
    return path === '/.well-known/jwks' ? { keys: issuer.shown } : null
  }

  /** What GitHub says of a job of acme/shop, number 77; and GitLab. */
  function usual(): Readonly<Record<string, unknown>> {
    const seconds = Math.floor(now().getTime() / 1000)
    const times = { iat: seconds, nbf: seconds - 5, exp: seconds + 300 }
    const github = { repository: 'acme/shop', repository_id: '77' }
    const gitlab = { project_path: 'acme/shop', project_id: '77' }
    return {
      iss: server.url,
      aud: 'mayfly',
      sub: 'repo:acme/shop:pull_request',
      ...times,
      ...github,
      ...gitlab,
    }
  }
}
