import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { startHttpServer, type TestServer } from './http-server.ts'

/** May pull and push everything. */
export const registryUser = { username: 'puller', password: 'pull-only-on-loopback' } as const

export interface TokenServer extends TestServer {
  /** A JSON Web Key Set with what verifies its tokens. */
  readonly keys: string
  readonly service: string
  readonly issuer: string
  /** Of every question: who asked, and for what. */
  readonly asked: { readonly who: string; readonly scope: string }[]
  /** Whether a token was given for that. */
  allows(token: string, repository: string, action: 'pull' | 'push'): boolean
  /** Tokens given until now are worth nothing any more. */
  withdraw(): void
  /** Answers in its place; null: it answers itself. */
  instead: Parameters<typeof startHttpServer>[0] | null
  /** What it says about a token's life; null: nothing. */
  expiresIn: number | null
}

interface Access {
  readonly type: string
  readonly name: string
  readonly actions: readonly string[]
}

/**
 * Gives tokens as distribution's specification has it. Nobody may pull from `public/`; for `hidden/` nobody is refused a token, as
 * GHCR does; elsewhere nobody gets one that opens nothing, as Docker Hub does.
 */
export async function startTokenServer(): Promise<TokenServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [service, issuer, kid] = ['the-registry', 'the-token-server', 'only-key']
  const given = new Map<string, readonly Access[]>()
  const server = await startHttpServer((request, response) => {
    if (state.instead !== null) {
      state.instead(request, response)
      return
    }
    const query = new URL(request.url ?? '', 'http://here').searchParams
    const scope = query.get('scope') ?? ''
    const who = whoAsks(request.headers.authorization)
    state.asked.push({ who, scope })
    const isHidden = who === 'nobody' && scope.startsWith('repository:hidden/')
    if (who === 'stranger' || isHidden) return void response.writeHead(isHidden ? 403 : 401).end()
    const access = accessFor(who, scope)
    const token = signed({ access, service: query.get('service') ?? '' })
    given.set(token, access)
    const life = state.expiresIn === null ? {} : { expires_in: state.expiresIn }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ token, ...life }))
  })
  const state: TokenServer = {
    ...server,
    keys: JSON.stringify({
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }],
    }),
    service,
    issuer,
    asked: [],
    allows: (token, repository, action) =>
      given.get(token)?.some(({ name, actions }) => name === repository && actions.includes(action)) ?? false,
    withdraw: () => given.clear(),
    instead: null,
    expiresIn: 300,
  }
  return state

  function signed(claims: { readonly access: readonly Access[]; readonly service: string }): string {
    const now = Math.floor(Date.now() / 1000)
    const times = { iat: now, nbf: now - 5, exp: now + 300 }
    const body = { iss: issuer, sub: 'test', aud: claims.service, jti: randomUUID(), access: claims.access }
    const parts = [
      { alg: 'ES256', typ: 'JWT', kid },
      { ...body, ...times },
    ]
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
  }
}

/** The value of the header of HTTP basic. */
export function basicHeader({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function whoAsks(header: string | undefined): 'nobody' | 'user' | 'stranger' {
  if (header === undefined) return 'nobody'
  return header === basicHeader(registryUser) ? 'user' : 'stranger'
}

function accessFor(who: string, scope: string): readonly Access[] {
  const [, name = '', actions = ''] = /^repository:([^:]+):([a-z,]+)$/.exec(scope) ?? []
  const isOpen = name.startsWith('public/') && actions === 'pull'
  return who === 'user' || isOpen ? [{ type: 'repository', name, actions: actions.split(',') }] : []
}
