import { createFetch } from '../../src/network/create-fetch.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  fixedCredentials,
  type ForgeCall,
  type ForgeCallReport,
  type ForgeHttp,
} from '../../src/forge/http/call.ts'
import { createKnownAnswers, nothingKnown } from '../../src/forge/http/known-answers.ts'
import { createForgeHttp } from '../../src/forge/http/create-forge-http.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'

const token = 'canary-5f2d7c1e9b'
const now = new Date('2026-11-21T10:00:00Z')
const call: ForgeCall<{ n: number }> = {
  operation: 'read-thing',
  purpose: 'read the thing',
  right: 'read:thing',
  method: 'GET',
  path: ['things', 'a/b ../c'],
  schema: z.object({ n: z.number() }),
}

const servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

interface Fixture {
  readonly http: ForgeHttp
  readonly url: string
  readonly seen: IncomingMessage[]
  readonly calls: ForgeCallReport[]
  readonly log: ReturnType<typeof createCapturedLog>
}

async function forge(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  {
    authorization = `token ${token}`,
    timeoutMs = 2_000,
    known = nothingKnown,
    credentials = fixedCredentials('token', () => Promise.resolve(authorization.slice('token '.length))),
  } = {},
): Promise<Fixture> {
  const seen: IncomingMessage[] = []
  const calls: ForgeCallReport[] = []
  const server = await startHttpServer((request, response) => {
    seen.push(request)
    handle(request, response)
  })
  servers.push(server)
  const log = createCapturedLog()
  const http = createForgeHttp({
    name: 'acme-git',
    api: `${server.url}/api/v1`,
    credentials,
    headers: {},
    known,
    userAgent: 'mayfly-test',
    fetch: createFetch({}),
    timeoutMs,
    maxBytes: 10_000,
    clock: { now: () => now, monotonicMs: () => now.getTime(), sleep: () => Promise.resolve() },
    log,
    onCall: (report) => calls.push(report),
  })
  return { http, url: server.url, seen, calls, log }
}

function reply(status: number, body: string, headers: Record<string, string> = {}) {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }
}

async function failure(http: ForgeHttp, asked: ForgeCall<unknown> = call): Promise<RetryLater | Stalled> {
  try {
    await http.ask(asked)
  } catch (error) {
    if (error instanceof RetryLater || error instanceof Stalled) return error
    throw error
  }
  throw new Error('the call succeeded')
}

describe('a good answer', () => {
  it('is parsed, asked with the token in a header and with encoded segments, and reported', async () => {
    const { http, seen, calls } = await forge(
      reply(200, '{"n":1,"more":true}', { 'x-ratelimit-remaining': '41' }),
    )
    expect(await http.ask(call)).toMatchObject({ kind: 'value', value: { n: 1 } })
    expect(seen[0]?.url).toBe('/api/v1/things/a%2Fb%20..%2Fc')
    expect(seen[0]?.headers.authorization).toBe(`token ${token}`)
    expect(calls).toEqual([{ operation: 'read-thing', status: 200, durationMs: 0, remaining: 41 }])
  })

  it('may be an expected status', async () => {
    const { http } = await forge(reply(404, '{"message":"not found"}'))
    expect(await http.ask({ ...call, expected: [404] })).toMatchObject({ kind: 'status', status: 404 })
  })

  it('has no content where none is asked for', async () => {
    const { http } = await forge((_request, response) => response.writeHead(204).end())
    expect(await http.ask({ ...call, method: 'DELETE', schema: z.undefined() })).toMatchObject({
      value: undefined,
    })
  })
})

describe('an odd answer comes again later and says where', () => {
  it.each([
    ['HTML with 200', reply(200, '<html>{"n":1}</html>', { 'content-type': 'text/html' }), 'text/html'],
    ['no content type', reply(200, '{"n":1}', { 'content-type': '' }), 'content type'],
    ['an empty body', reply(200, ''), 'empty body'],
    ['truncated JSON', reply(200, '{"n":'), 'JSON'],
    ['another shape', reply(200, '{"n":"1"}'), '`n`'],
    ['a list instead of an object', reply(200, '[]'), 'the whole answer'],
    [
      'no content instead of some',
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(204).end(),
      'the whole answer',
    ],
    ['a body without end', reply(200, `{"n":1,"pad":"${'x'.repeat(20_000)}"}`), 'larger than 10000 bytes'],
    ['a redirect to nowhere', reply(301, ''), 'without saying where'],
    ['304', reply(304, ''), '304'],
  ])('%s', async (_name, handle, words) => {
    const { http } = await forge(handle)
    const error = await failure(http)
    expect(error).toBeInstanceOf(RetryLater)
    expect(error.message).toContain(words)
    expect(error.message).toContain('GET /things/')
  })
})

describe('a forge that does not answer comes again later', () => {
  it('hangs before the head, or within the body', async () => {
    const silent = await forge(() => undefined, { timeoutMs: 50 })
    expect((await failure(silent.http)).message).toContain('within 0.05 s')
    const dripping = await forge((_request, response) => response.writeHead(200).write('{"n"'), {
      timeoutMs: 50,
    })
    expect((await failure(dripping.http)).message).toContain('within 0.05 s')
    expect(dripping.calls).toMatchObject([{ status: null }])
  })

  it('resets the connection, or is not there', async () => {
    const reset = await forge((request) => request.socket.destroy())
    expect(await failure(reset.http)).toBeInstanceOf(RetryLater)
    const cut = await forge((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
        .write('{"n":1}')
      response.destroy()
    })
    expect(await failure(cut.http)).toBeInstanceOf(RetryLater)
    const away = await forge(reply(200, ''))
    await servers.pop()?.close()
    expect((await failure(away.http)).message).toContain('ECONNREFUSED')
  })
})

describe('statuses are sorted by what the loop must do', () => {
  it.each([500, 502, 503, 504, 408, 409, 425])('%i: later, without a date', async (status) => {
    const error = await failure((await forge(reply(status, '<html>', { 'content-type': 'text/html' }))).http)
    expect(error).toMatchObject({ name: 'RetryLater', retryAfterMs: null })
  })

  it.each([
    [429, { 'retry-after': '7' }, 7_000],
    [429, { 'retry-after': 'Sat, 21 Nov 2026 10:01:30 GMT' }, 90_000],
    [429, { 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' }, 0],
    [429, { 'retry-after': '99999999' }, 3_600_000],
    [429, {}, 60_000],
    [403, { 'retry-after': '30' }, 30_000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now.getTime() / 1000 + 120) }, 120_000],
    [503, { 'retry-after': '5' }, 5_000],
  ])('%i with %j: later, after %i ms', async (status, headers: Record<string, string>, retryAfterMs) => {
    const { http } = await forge(reply(status, '{}', headers))
    expect(await failure(http)).toMatchObject({ name: 'RetryLater', retryAfterMs })
    expect(await failure(http, { ...call, expected: [403, 404] })).toMatchObject({ retryAfterMs })
  })

  it('422 with the code abuse: later, after a minute', async () => {
    const { http } = await forge(
      reply(422, '{"message":"Validation Failed","errors":[{"resource":"Issue","code":"abuse"}]}'),
    )
    expect(await failure(http)).toMatchObject({ name: 'RetryLater', retryAfterMs: 60_000 })
  })

  it.each([
    'You have exceeded a secondary rate limit. Please wait.',
    'You have triggered an abuse detection mechanism.',
  ])('403 that only its words tell from a missing right, "%s": later, after a minute', async (message) => {
    const { http } = await forge(reply(403, JSON.stringify({ message })))
    expect(await failure(http)).toMatchObject({ name: 'RetryLater', retryAfterMs: 60_000 })
  })

  it('quotes the permissions that GitHub names, and words that are no plain text', async () => {
    const github = await forge(reply(403, '{}', { 'x-accepted-github-permissions': 'pull_requests=write' }))
    expect((await failure(github.http)).message).toContain('GitHub takes here: pull_requests=write.')
    const gitlab = await forge(reply(400, '{"message":{"name":["is too long"]}}'))
    expect((await failure(gitlab.http)).message).toContain('is too long')
  })

  it.each([401, 403, 404, 400, 422, 451])('%i: a human must act, and is told what for', async (status) => {
    const { http } = await forge(reply(status, `{"message":"no, ${token}, never"}`))
    const error = await failure(http)
    expect(error).toBeInstanceOf(Stalled)
    expect(error.message).toContain('acme-git answered GET /things/')
    expect(error.message).toContain('It says: "no, [secret], never"')
    if ([401, 403, 404].includes(status)) expect(error.message).toContain('`read:thing`')
  })
})

describe('an answer without content', () => {
  it('is as good with 200 as with 204 to what was deleted, and to nothing else', async () => {
    const { http } = await forge((_request, response) => response.writeHead(200).end())
    const deletes = { ...call, method: 'DELETE', schema: z.undefined() } as const
    expect(await http.ask(deletes)).toMatchObject({ kind: 'value' })
    await expect(http.ask({ ...deletes, method: 'PUT' })).rejects.toBeInstanceOf(RetryLater)
  })
})

describe('what was read before', () => {
  const tagged = (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end()
    else reply(200, '{"n":1}', { etag: '"one"', link: '<x>; rel="next"' })(request, response)
  }

  it('is not sent again when nothing changed, and its Link header is kept', async () => {
    const { http, seen, calls } = await forge(tagged, { known: createKnownAnswers(10) })
    for (let n = 1; n <= 2; n++) {
      const answer = await http.ask(call)
      expect(answer).toMatchObject({ kind: 'value', value: { n: 1 } })
      if (answer.kind === 'value') expect(answer.headers.get('link')).toBe('<x>; rel="next"')
    }
    expect(seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"one"'])
    expect(calls.map(({ status }) => status)).toEqual([200, 304])
  })

  it('is forgotten when a newer answer has no tag, and when too much is known', async () => {
    const known = createKnownAnswers(1)
    const { http, seen } = await forge(
      (request, response) => {
        const headers = seen.length < 2 ? { etag: '"one"' } : {}
        reply(200, '{"n":2}', headers)(request, response)
      },
      { known },
    )
    for (let n = 1; n <= 3; n++) await http.ask(call)
    expect(seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"one"', undefined])
    known.keep('read', new URL('https://a.example.com/'), { headers: new Headers({ etag: '"a"' }), value: 1 })
    known.keep('read', new URL('https://b.example.com/'), { headers: new Headers({ etag: '"b"' }), value: 2 })
    expect(known.find('read', new URL('https://a.example.com/'))).toBeNull()
    expect(known.find('read', new URL('https://b.example.com/'))).toMatchObject({ value: 2 })
  })

  it('is not taken for what another operation reads of the same address', async () => {
    const { http, seen } = await forge(tagged, { known: createKnownAnswers(10) })
    await http.ask(call)
    const other = { ...call, operation: 'read-the-same-otherwise', schema: z.object({ n: z.number() }) }
    expect(await http.ask({ ...other, schema: other.schema.transform(({ n }) => n + 1) })).toMatchObject({
      value: 2,
    })
    expect(seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined])
  })

  it('law 3: 304 to a question that named no tag is no answer', async () => {
    const { http } = await forge((_request, response) => response.writeHead(304).end())
    expect(await failure(http)).toMatchObject({ name: 'RetryLater' })
  })

  it('is only ever used for reading', async () => {
    const { http, seen } = await forge(tagged, { known: createKnownAnswers(10) })
    await http.ask(call)
    await http.ask({ ...call, method: 'PATCH', body: {} })
    expect(seen[1]?.headers['if-none-match']).toBeUndefined()
  })
})

describe('a refused token', () => {
  it.each([true, false])('is renewed once where it can be (%s)', async (renews) => {
    const used: string[] = []
    let renewed = 0
    const credentials = {
      header: () => Promise.resolve(`token ${token}-${renewed}`),
      renew: () => {
        renewed += 1
        return Promise.resolve(renews)
      },
    }
    const { http } = await forge(
      (request, response) => {
        used.push(request.headers.authorization ?? '')
        const good = request.headers.authorization?.endsWith('-1') === true
        reply(good ? 200 : 401, '{"n":1}')(request, response)
      },
      { credentials },
    )
    if (renews) expect(await http.ask(call)).toMatchObject({ value: { n: 1 } })
    else expect(await failure(http)).toBeInstanceOf(Stalled)
    expect(used).toHaveLength(renews ? 2 : 1)
  })

  it('is not renewed for ever', async () => {
    const { http, seen } = await forge(reply(401, '{}'), {
      credentials: { header: () => Promise.resolve('token x'), renew: () => Promise.resolve(true) },
    })
    expect(await failure(http)).toBeInstanceOf(Stalled)
    expect(seen).toHaveLength(2)
  })
})

describe('redirects', () => {
  it('are followed on the same origin, with method, body and token, at most three', async () => {
    const { http, seen } = await forge((request, response) => {
      if (request.url?.startsWith('/moved') === true) reply(200, '{"n":2}')(request, response)
      else response.writeHead(301, { location: '/moved?x=1' }).end()
    })
    expect(await http.ask({ ...call, method: 'PATCH', body: { a: 1 } })).toMatchObject({ value: { n: 2 } })
    expect(
      seen.map(({ method, url, headers }) => [method, url, headers['content-length'], headers.authorization]),
    ).toEqual([
      ['PATCH', '/api/v1/things/a%2Fb%20..%2Fc', '7', `token ${token}`],
      ['PATCH', '/moved?x=1', '7', `token ${token}`],
    ])
    const circle = await forge((_request, response) => response.writeHead(307, { location: '/again' }).end())
    expect((await failure(circle.http)).message).toContain('more than 3 times')
    expect(circle.seen).toHaveLength(4)
  })

  it.each([
    ['another port', (url: string) => url],
    ['another host', () => 'https://elsewhere.example.com/api/v1/things'],
    ['another scheme', (_url: string, own: string) => own.replace('http:', 'https:')],
    ['a metadata address', () => 'http://169.254.169.254/latest/meta-data'],
    ['a scheme-relative address', () => '//elsewhere.example.com/'],
    ['no web address at all', () => 'file:///etc/passwd'],
  ])('law 10: are never followed to %s, and the token is not sent there', async (_name, location) => {
    const other = await forge(reply(200, '{"n":3}'))
    const own = await forge((request, response) =>
      response
        .writeHead(301, { location: location(`${other.url}/x`, `http://${request.headers.host ?? ''}`) })
        .end(),
    )
    const error = await failure(own.http)
    expect(error).toBeInstanceOf(Stalled)
    expect(error.message).toContain('does not send its token there')
    expect(other.seen).toEqual([])
  })

  it('of a write that would turn it into a read are odd', async () => {
    const { http } = await forge((_request, response) =>
      response.writeHead(302, { location: '/login' }).end(),
    )
    expect(await failure(http, { ...call, method: 'POST', body: {} })).toBeInstanceOf(RetryLater)
  })
})

it('law 10: the token is in no error and in no log, whatever goes wrong', async () => {
  const wrongs = [
    await forge(reply(401, JSON.stringify({ message: `bad ${token}` }))),
    await forge(reply(200, `"${token}"`)),
    await forge(reply(500, token)),
    await forge((request) => request.socket.destroy()),
    await forge(reply(200, '{"n":1}'), { authorization: `token ${token}\n` }),
    await forge(reply(200, '{"n":1}'), { authorization: `token ${token}\u{1f600}` }),
  ]
  for (const { http, log } of wrongs) {
    const error = await failure(http)
    const shown = [inspect(error, { depth: null, showHidden: true }), error.stack, log.text()].join('\n')
    expect(shown).not.toContain(token)
    expect(shown).toContain('acme-git')
  }
})
