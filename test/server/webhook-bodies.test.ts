import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { createWebhookRouter } from '../../src/webhook/router.ts'
import { ask } from '../support/http-post.ts'
import { proofHeaders } from '../support/sign-webhook.ts'
import { malformedBodies } from '../webhook/malformed.ts'
import { deliveryNamed, families } from '../webhook/payloads.ts'
import { deliver, openDoor, webhookKey } from './open-door.ts'
import { fileWith, load } from '../config/given.ts'

const opened = JSON.stringify(deliveryNamed('github', 'opened').body)

describe('size, counted while streaming', () => {
  const limit = 2048
  // A genuine event of exactly so many bytes.
  function sized(bytes: number): string {
    const { repository, ...small } = {
      action: 'opened',
      number: 142,
      repository: { id: 77, full_name: 'acme/shop' },
      pad: '',
    }
    const text = JSON.stringify({ ...small, repository })
    return JSON.stringify({ ...small, repository, pad: 'x'.repeat(bytes - text.length) })
  }

  it.each([
    [0, 400],
    [limit - 1, 202],
    [limit, 202],
    [limit + 1, 413],
    [limit * 100, 413],
  ])('%i bytes: %i, with a length and chunked', async (bytes, status) => {
    const door = await openDoor({ maxBody: limit })
    const body = bytes === 0 ? '' : sized(bytes)
    expect((await deliver(door, 'github', body)).status).toBe(status)
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      ...proofHeaders('github', webhookKey, body, new Date()),
    }
    const halves = [Buffer.from(body).subarray(0, bytes / 2), Buffer.from(body).subarray(bytes / 2)]
    const chunked = await ask(`${door.url}/webhooks/github`, {
      method: 'POST',
      headers,
      body: halves.filter((half) => half.length > 0),
    })
    expect(chunked.status).toBe(status)
  })

  it('one byte is no JSON object', async () => {
    const door = await openDoor()
    expect((await deliver(door, 'github', '1')).status).toBe(400)
  })

  it('4 MiB are fine and one byte more is not, as configured by default', async () => {
    const door = await openDoor({ maxBody: load(fileWith(['server'], {})).config.server.maxBody })
    expect((await deliver(door, 'github', sized(4 * 1024 * 1024))).status).toBe(202)
    expect((await deliver(door, 'github', sized(4 * 1024 * 1024 + 1))).status).toBe(413)
  })

  it('a length that says more than comes, or less, is no event', async () => {
    const door = await openDoor()
    const answer = await deliver(door, 'github', opened, {
      headers: { 'content-length': String(opened.length - 5) },
    }).catch(() => undefined)
    expect(answer?.status).not.toBe(202)
    expect(door.taken).toEqual([])
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses to start with maxBody %d',
    (maxBody) => {
      const log = {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: () => undefined,
      }
      const rest = {
        endpoints: [],
        resolve: () => undefined,
        enqueue: () => Promise.resolve(),
        keysOf: () => [],
        onEvent: () => undefined,
        onTaken: () => undefined,
        clock: systemClock,
        log,
        onWebhook: () => undefined,
      }
      expect(() => createWebhookRouter({ ...rest, maxBody })).toThrow(RangeError)
    },
  )
})

describe('content types', () => {
  const good = [
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json ; charset=utf-8',
  ]
  const bad = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/json',
    'text/html',
    'text/xml',
    'application/xml',
    'application/javascript',
    'application/json5',
    'application/jsonp',
    'application/jsonx',
    'application/json+ld',
    'application/ld+json',
    'application/vnd.github+json',
    'application/vnd.api+json',
    'application/problem+json',
    'application/cloudevents+json',
    'application/octet-stream',
    'application/*',
    '*/*',
    'json',
    'application',
    'application/',
    '/json',
    'application/json/',
    'application/json, text/plain',
    'text/plain, application/json',
    'text/plain; application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'application/json; charset=iso-8859-1',
    'application/json; charset=',
    'application/json; charset',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; boundary=x',
    'application/json;',
    'application /json',
    'xapplication/json',
    '"application/json"',
    'application/json\tx',
  ]
  it(`415 for ${bad.length} others and for none, 202 for JSON`, async () => {
    const door = await openDoor()
    for (const type of good)
      expect([
        type,
        (await deliver(door, 'github', opened, { headers: { 'content-type': type } })).status,
      ]).toEqual([type, 202])
    for (const type of bad)
      expect([
        type,
        (await deliver(door, 'github', opened, { headers: { 'content-type': type } })).status,
      ]).toEqual([type, 415])
    expect((await deliver(door, 'github', opened, { headers: { 'content-type': [] } })).status).toBe(415)
    expect(
      (
        await deliver(door, 'github', opened, {
          headers: { 'content-type': ['application/json', 'text/plain'] },
        })
      ).status,
    ).toBe(415)
  })

  it('415 for anything compressed, signed or not', async () => {
    const door = await openDoor()
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, identity', 'x'])
      expect(
        (await deliver(door, 'github', gzipSync(opened), { headers: { 'content-encoding': encoding } }))
          .status,
      ).toBe(415)
    expect(
      (await deliver(door, 'github', opened, { headers: { 'content-encoding': 'identity' } })).status,
    ).toBe(202)
    // Without the header it is only bytes that are no JSON.
    expect((await deliver(door, 'github', gzipSync(opened))).status).toBe(400)
  })
})

describe('duplicate headers', () => {
  it.each(['github', 'gitlab', 'gitea', 'forgejo'] as const)('%s: two proofs are none', async (family) => {
    const door = await openDoor()
    const body = JSON.stringify(deliveryNamed(family, 'opened').body)
    const [[name, value] = ['', '']] = Object.entries(proofHeaders(family, webhookKey, body, new Date()))
    expect((await deliver(door, family, body, { headers: { [name]: [value, value] } })).status).toBe(401)
    expect((await deliver(door, family, body, { headers: { [name]: ['', value] } })).status).toBe(401)
  })
})

describe('malformed bodies over HTTP', () => {
  it.each(families)(
    '%s: no 5xx, no unhandled rejection, and only genuine ones reach the queue',
    async (family) => {
      const door = await openDoor()
      const unhandled: unknown[] = []
      const note = (error: unknown) => unhandled.push(error)
      process.on('unhandledRejection', note)
      const bodies = malformedBodies(family, 150, 7)
      const genuine = await Promise.all(bodies.map((body) => deliver(door, family, body)))
      const taken = door.taken.length
      const forged = await Promise.all(
        bodies.map((body) =>
          deliver(door, family, body, {
            proof: family === 'github' ? 'gitea' : 'github',
            headers: strangers,
          }),
        ),
      )
      process.off('unhandledRejection', note)

      for (const { status } of genuine) expect([200, 202, 400]).toContain(status)
      // An empty body is refused before its signature is looked at.
      for (const [at, { status }] of forged.entries())
        expect(status).toBe(bodies[at]?.length === 0 ? 400 : 401)
      expect(taken).toBeGreaterThan(0)
      expect(door.taken.length).toBe(taken)
      expect(unhandled).toEqual([])
    },
  )

  // No proof of another forge counts here.
  const strangers = { 'x-gitlab-token': 'stranger', 'x-forgejo-signature': '0'.repeat(64) }
})
