import { createFetch } from '../../src/network/create-fetch.ts'
import { generateKeyPairSync, verify } from 'node:crypto'
import { inspect } from 'node:util'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGithubApp, type GithubApp } from '../../src/forge/github/app.ts'
import { Stalled } from '../../src/preview/errors.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

describe('a GitHub App', () => {
  let now: Date
  let server: TestServer
  let installation: number
  let asked: string[]
  let answerToken: (response: ServerResponse) => void

  beforeEach(async () => {
    now = new Date('2026-11-21T10:00:00Z')
    installation = 5
    asked = []
    let minted = 0
    answerToken = (response) => {
      minted += 1
      const expires = new Date(now.getTime() + 3_600_000).toISOString().replace('.000', '')
      reply(response, 201, { token: `ghs_minted-${minted}`, expires_at: expires })
    }
    server = await startHttpServer((request, response) => {
      answer(request, response)
    })
  })

  afterEach(() => server.close())

  function answer(request: IncomingMessage, response: ServerResponse): void {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
    if (!isGenuine(request.headers.authorization ?? '', now)) {
      reply(response, 401, { message: 'A JSON web token could not be decoded' })
      return
    }
    if (request.url === '/app') reply(response, 200, { slug: 'acme-previews' })
    else if (/^\/repos\/acme\/shop\/installation$/i.test(request.url ?? ''))
      reply(response, 200, { id: installation })
    else if (request.url === `/app/installations/${installation}/access_tokens`) answerToken(response)
    else reply(response, 404, { message: 'Not Found' })
  }

  function app(key = pem): GithubApp {
    return createGithubApp({
      name: 'github',
      url: 'https://github.com',
      api: server.url,
      userAgent: 'mayfly-test',
      fetch: createFetch({}),
      timeoutMs: 2_000,
      maxBytes: 10_000,
      clock: { now: () => now, monotonicMs: () => now.getTime(), sleep: () => Promise.resolve() },
      log: createCapturedLog(),
      onCall: () => undefined,
      app: { id: '42', privateKey: key },
    })
  }

  it('mints one token for all who ask at once, and keeps it until ten minutes before its end', async () => {
    const { token } = app()
    expect(await Promise.all([token('acme/shop'), token('Acme/Shop'), token('acme/shop')])).toEqual(
      Array(3).fill('ghs_minted-1'),
    )
    expect(asked).toEqual(['GET /repos/acme/shop/installation', 'POST /app/installations/5/access_tokens'])
    now = new Date(now.getTime() + 49 * 60_000)
    expect(await token('acme/shop')).toBe('ghs_minted-1')
    now = new Date(now.getTime() + 61_000)
    expect(await Promise.all([token('acme/shop'), token('acme/shop')])).toEqual(Array(2).fill('ghs_minted-2'))
  })

  it('mints a new one when the last was refused', async () => {
    const { token, renew } = app()
    expect(await token('acme/shop')).toBe('ghs_minted-1')
    await renew('acme/shop', 'ghs_minted-1')
    expect(await token('acme/shop')).toBe('ghs_minted-2')
  })

  it('mints one new token however many were refused with the last, and however late', async () => {
    const { token, renew } = app()
    await token('acme/shop')
    const again = async () => {
      await renew('acme/shop', 'ghs_minted-1')
      return token('acme/shop')
    }
    expect(await Promise.all([again(), again(), again()])).toEqual(Array(3).fill('ghs_minted-2'))
    expect(await again()).toBe('ghs_minted-2')
  })

  it('finds the installation again when it was removed and made anew', async () => {
    const { token } = app()
    await token('acme/shop')
    installation = 6
    now = new Date(now.getTime() + 55 * 60_000)
    expect(await token('acme/shop')).toBe('ghs_minted-2')
  })

  it('does not remember a failure', async () => {
    const { token } = app()
    const mint = answerToken
    answerToken = (response) => {
      reply(response, 500, {})
    }
    await expect(token('acme/shop')).rejects.toMatchObject({ name: 'RetryLater' })
    answerToken = mint
    expect(await token('acme/shop')).toBe('ghs_minted-1')
  })

  it('says where it is not installed, and who can mend it', async () => {
    const refused = expect(app().token('acme/other')).rejects
    await refused.toThrow(/not installed on acme\/other.*administers/)
    await refused.toMatchObject({ right: 'installation of the App' })
  })

  it('says that its key is none, without showing it', async () => {
    const error: unknown = await app('-----BEGIN canary')
      .token('acme/shop')
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Stalled)
    expect(error).toMatchObject({ right: 'app.id and app.privateKey of one App' })
    expect(inspect(error)).toContain('.pem')
    expect(inspect(error, { depth: null })).not.toContain('canary')
  })

  it('asks as itself about itself, and as its installation about a repository', async () => {
    const { credentials } = app()
    expect(await credentials.header({ path: ['repos', 'acme', 'shop', 'pulls'] })).toBe('Bearer ghs_minted-1')
    expect(isGenuine(await credentials.header({ path: ['app'] }), now)).toBe(true)
    expect(await credentials.renew({ path: ['repos', 'acme', 'shop'] }, 'none')).toBe(true)
    expect(await credentials.renew({ path: ['app'] }, 'none')).toBe(false)
  })
})

/** RS256 by our key, from us, good for ten minutes at most: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function isGenuine(authorization: string, now: Date): boolean {
  const [head = '', body = '', signature = ''] = authorization.replace('Bearer ', '').split('.')
  const good = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  )
  if (!good) return false
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
  const seconds = now.getTime() / 1000
  const { iat, exp, iss } = claims as { iat: number; exp: number; iss: string }
  return iss === '42' && iat <= seconds && exp > seconds && exp - seconds <= 600
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
