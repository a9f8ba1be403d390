import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import type { ProbeSettings } from '../../src/preview/application.ts'
import { createProbe, type ProbeOptions } from '../../src/probe/create-probe.ts'
import { type TestServer, startHttpServer } from '../support/http-server.ts'
import { selfSigned } from './self-signed.ts'

const probing: ProbeSettings = { path: '/healthz', status: { least: 200, most: 399 }, timeoutMs: 20_000 }
const here = { clock: systemClock, allowed: ['127.0.0.1'] }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(handle: Parameters<typeof startHttpServer>[0]): Promise<TestServer> {
  const server = await startHttpServer(handle)
  closing.push(() => server.close())
  return server
}

/** A server below HTTP; its port. */
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.close()
    await Promise.resolve()
  })
  return (server.address() as AddressInfo).port
}

/** DNS that says what the test says, and counts how often it is asked. */
function dns(...answers: readonly (readonly string[])[]) {
  const asked: string[] = []
  const resolve: NonNullable<ProbeOptions['resolve']> = (host) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(host)
    return Promise.resolve(answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }
  return { asked, resolve }
}

describe('the probe', () => {
  it.each([
    [200, 'answers'],
    [204, 'answers'],
    [301, 'answers'],
    [399, 'answers'],
    [400, 'silent'],
    [404, 'silent'],
    [503, 'silent'],
  ])('status %d: it %s', async (status, kind) => {
    const server = await serve((_, response) => response.writeHead(status).end())
    const answer = await createProbe(here).check(server.url, probing)
    expect(answer).toEqual(kind === 'answers' ? { kind } : { kind, why: String(status) })
  })

  it('asks one GET behind the path of the URL, without a query, a credential or a cookie', async () => {
    const seen: { url?: string | undefined; method?: string | undefined; headers: string[] }[] = []
    const server = await serve(({ url, method, headers }, response) => {
      seen.push({ url, method, headers: Object.keys(headers).toSorted() })
      response.end('x'.repeat(1_000_000))
    })
    const url = `${server.url.replace('//', '//user:secret@')}/shop-1/?a=b#c`
    expect(await createProbe(here).check(url, probing)).toEqual({ kind: 'answers' })
    expect(seen).toEqual([
      { url: '/shop-1/healthz', method: 'GET', headers: ['accept', 'connection', 'host', 'user-agent'] },
    ])
  })

  it('follows no redirect, wherever it leads', async () => {
    let visits = 0
    const elsewhere = await serve((_, response) => {
      visits += 1
      response.end()
    })
    const server = await serve((_, response) =>
      response.writeHead(302, { location: `${elsewhere.url}/secret` }).end(),
    )
    const strict = { ...probing, status: { least: 200, most: 299 } }
    expect(await createProbe(here).check(server.url, strict)).toEqual({ kind: 'silent', why: '302' })
    expect(await createProbe(here).check(server.url, probing)).toEqual({ kind: 'answers' })
    expect(visits).toBe(0)
  })

  it('waits no longer than it may for a server that says nothing, and lets go of it', async () => {
    const cut = Promise.withResolvers<undefined>()
    const server = await serve((request) => {
      request.on('close', () => {
        cut.resolve(undefined)
      })
    })
    const answer = await createProbe(here).check(server.url, { ...probing, timeoutMs: 50 })
    expect(answer).toEqual({ kind: 'silent', why: 'no answer within 0.05 s' })
    await cut.promise
  })

  it('says in words what is wrong on the way', async () => {
    const silent = async (url: string, options: Partial<ProbeOptions> = {}) => {
      const answer = await createProbe({ ...here, ...options }).check(url, probing)
      return answer.kind === 'silent' ? answer.why : 'it answers'
    }
    const plain = await serve((_, response) => response.end())
    expect(await silent(plain.url.replace('http', 'https'))).toBe('no TLS is spoken there')
    const babble = await listen(createTcpServer((socket) => socket.end('hello\r\n\r\n')))
    expect(await silent(`http://127.0.0.1:${babble}`)).toBe('what it answers is no HTTP')
    const cut = await listen(createTcpServer((socket) => socket.destroy()))
    expect(await silent(`http://127.0.0.1:${cut}`)).toBe('the connection was cut')
    const free = createTcpServer()
    const nobody = await listen(free)
    free.close()
    await once(free, 'close')
    expect(await silent(`http://127.0.0.1:${nobody}`)).toBe('nobody takes the connection')
    const tls = await listen(createTlsServer(selfSigned, (_, response) => response.end()))
    const { resolve } = dns(['127.0.0.1'])
    expect(await silent(`https://preview.example:${tls}`, { resolve })).toBe('its certificate is self-signed')
    expect(await silent('https://nobody.invalid', { resolve: dns([]).resolve })).toBe(
      'DNS does not know its host',
    )
    expect(await silent('ftp://preview.example')).toBe('its URL is not of the web')
    expect(await silent('not a URL')).toContain('no connection comes about')
  })
})

describe('where a probe goes', () => {
  it.each([
    'http://127.0.0.1:PORT',
    'http://2130706433:PORT',
    'http://0x7f.1:PORT',
    'http://0177.0.0.1:PORT',
    'http://127.1:PORT',
    'http://[::ffff:127.0.0.1]:PORT',
    'http://[::1]:PORT',
    'http://0:PORT',
    'http://0.0.0.0:PORT',
    'http://169.254.169.254:PORT',
    'http://localhost:PORT',
  ])('refuses %s before it connects', async (url) => {
    let visits = 0
    const server = await serve((_, response) => {
      visits += 1
      response.end()
    })
    const probe = createProbe({ clock: systemClock })
    const answer = await probe.check(url.replace('PORT', new URL(server.url).port), probing)
    expect(answer.kind).toBe('silent')
    expect(answer).toMatchObject({
      why: expect.stringMatching(/^\S+ (is|leads to \S+,) (a|an|the) /) as string,
    })
    expect(visits).toBe(0)
  })

  it.each([[['127.0.0.1']], [['10.0.0.1', '127.0.0.1']], [['::ffff:a9fe:a9fe']], [['fe80::1%eth0']]])(
    'refuses a name that DNS says to be at %j',
    async (addresses) => {
      const { resolve } = dns(addresses)
      const answer = await createProbe({ clock: systemClock, resolve }).check(
        'http://preview.acme.dev',
        probing,
      )
      expect(answer).toMatchObject({
        kind: 'silent',
        why: expect.stringContaining('preview.acme.dev leads to') as string,
      })
    },
  )

  it('connects to the address that was checked: DNS is asked once, and cannot say another the second time', async () => {
    let visits = 0
    const server = await serve((_, response) => {
      visits += 1
      response.end()
    })
    const { resolve, asked } = dns(['127.0.0.1'], ['169.254.169.254'])
    const url = `http://preview.acme.dev:${new URL(server.url).port}`
    expect(await createProbe({ ...here, resolve }).check(url, probing)).toEqual({ kind: 'answers' })
    expect(asked).toEqual(['preview.acme.dev'])
    expect(visits).toBe(1)
    const again = await createProbe({ ...here, resolve }).check(url, probing)
    expect(again).toMatchObject({ kind: 'silent', why: expect.stringContaining('169.254.169.254') as string })
    expect(visits).toBe(1)
  })
})
