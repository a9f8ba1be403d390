import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { ask } from '../support/http-post.ts'
import { hexHmac, proofHeaders } from '../support/sign-webhook.ts'
import { deliveryNamed, families } from '../webhook/payloads.ts'
import { deliver, openDoor, webhookKey } from './open-door.ts'

const opened = JSON.stringify(deliveryNamed('github', 'opened').body)

describe('the answers of the contract', () => {
  it.each(families)('%s: 202 with the key of the merge request', async (family) => {
    const door = await openDoor()
    const answer = await deliver(door, family)
    expect(answer.status).toBe(202)
    expect(JSON.parse(answer.text)).toEqual({ status: 'taken', mergeRequest: `${family}:acme/shop#142` })
    expect(door.answers).toEqual([`${family} taken`])
  })

  it('law 1: the queue gets the key and nothing else', async () => {
    const door = await openDoor()
    for (const family of families) await deliver(door, family)
    await deliver(door, 'gitlab', undefined, { proof: 'gitlab-signed', headers: { 'x-gitlab-token': [] } })
    expect(door.taken).toEqual([...families, 'gitlab'].map((family) => [`${family}:acme/shop#142`]))
  })

  it.each(families)('%s: a comment with a command asks for a look, and claims nothing', async (family) => {
    const claims: unknown[] = []
    const door = await openDoor({ onEvent: (...claim) => claims.push(claim) })
    const { body, headers } = deliveryNamed(family, 'comment of a person')
    expect((await deliver(door, family, JSON.stringify(body), { headers })).status).toBe(202)
    expect(door.taken).toEqual([[`${family}:acme/shop#142`]])
    expect(claims).toEqual([[`${family}:acme/shop#142`, { sha: null, state: null }]])
    expect(door.logged.join('')).not.toContain('/preview redeploy')
  })

  it('200 with the reason when nothing is to be done', async () => {
    const door = await openDoor()
    const ping = await deliver(door, 'github', '{"zen":"Keep it simple."}', {
      headers: { 'x-github-event': 'ping' },
    })
    expect([ping.status, JSON.parse(ping.text)]).toEqual([
      200,
      { status: 'ignored', reason: 'ping: the webhook is set up' },
    ])
    const elsewhere = await deliver(door, 'github', opened.replaceAll('"id":77', '"id":78'))
    expect([elsewhere.status, JSON.parse(elsewhere.text)]).toEqual([
      200,
      { status: 'ignored', reason: 'repository acme/shop has no application in mayfly.yaml' },
    ])
    expect(door.taken).toEqual([])
  })

  it('401, 400 and 404 with an error', async () => {
    const door = await openDoor()
    const forged = await deliver(door, 'github', opened, {
      headers: { 'x-hub-signature-256': `sha256=${hexHmac('guess', opened)}` },
    })
    expect([forged.status, JSON.parse(forged.text)]).toEqual([
      401,
      { error: expect.stringContaining('signature') as string },
    ])
    const broken = await deliver(door, 'github', '{"number":')
    expect([broken.status, JSON.parse(broken.text)]).toEqual([
      400,
      { error: 'The body is not valid JSON in UTF-8.' },
    ])
    const nobody = await ask(`${door.url}/webhooks/nobody`, { method: 'POST', body: opened })
    expect([nobody.status, JSON.parse(nobody.text)]).toEqual([
      404,
      { error: expect.stringContaining('No forge') as string },
    ])
    const prototype = await ask(`${door.url}/webhooks/__proto__`, { method: 'POST', body: opened })
    expect(prototype.status).toBe(404)
    expect(door.answers).toEqual([
      'github bad-signature',
      'github malformed',
      'unknown unknown-forge',
      'unknown unknown-forge',
    ])
  })

  it('answers only POST', async () => {
    const door = await openDoor()
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect((await ask(`${door.url}/webhooks/github`, { method })).status).toBe(
        method === 'OPTIONS' ? 200 : 404,
      )
    expect(door.answers).toEqual([])
  })

  it('an event of one forge is no event at the door of another', async () => {
    const door = await openDoor()
    const headers = {
      'content-type': 'application/json',
      ...proofHeaders('github', webhookKey, opened, new Date()),
    }
    for (const family of ['gitlab', 'gitea', 'forgejo'])
      expect(
        (await ask(`${door.url}/webhooks/${family}`, { method: 'POST', headers, body: opened })).status,
      ).toBe(401)
  })
})

describe('when the queue does not take the key', () => {
  it('503 with Retry-After when it fails, at once or later', async () => {
    const failing = await openDoor({ enqueue: () => Promise.reject(new Error('ECONNREFUSED redis')) })
    const throwing = await openDoor({
      enqueue: () => {
        throw new Error('closed')
      },
    })
    for (const door of [failing, throwing]) {
      const answer = await deliver(door, 'github')
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '10'])
      expect(answer.text).not.toContain('redis')
      expect(door.answers).toEqual(['github not-taken'])
    }
  })

  it('503 after 5 s when it hangs', async () => {
    const waited: number[] = []
    const clock = {
      ...systemClock,
      sleep: (ms: number) => Promise.resolve(void waited.push(ms)),
    }
    const door = await openDoor({ enqueue: () => new Promise(() => undefined), clock })
    expect((await deliver(door, 'github')).status).toBe(503)
    expect(waited).toEqual([5000])
  })
})

describe('failed signatures are limited by address', () => {
  it('429 after so many, while genuine deliveries from the same address still pass', async () => {
    const door = await openDoor({ failuresPerMinute: 3 })
    const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }
    const statuses: number[] = []
    for (let times = 0; times < 5; times += 1)
      statuses.push((await deliver(door, 'github', opened, forged)).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    expect((await deliver(door, 'github')).status).toBe(202)
    expect((await deliver(door, 'gitea', undefined, { headers: { 'x-gitea-signature': 'x' } })).status).toBe(
      401,
    )
  })

  it('starts anew after a minute, and other addresses never notice', async () => {
    let now = Date.parse('2026-11-21T10:42:00Z')
    const clock = {
      now: () => new Date(now),
      monotonicMs: () => now,
      sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms, signal),
    }
    const door = await openDoor({ failuresPerMinute: 1, clock }, { trustProxy: ['127.0.0.1'] })
    const forgedFrom = async (address: string) =>
      (
        await deliver(door, 'github', opened, {
          headers: { 'x-hub-signature-256': 'x', 'x-forwarded-for': address },
        })
      ).status
    expect([
      await forgedFrom('192.0.2.1'),
      await forgedFrom('192.0.2.1'),
      await forgedFrom('192.0.2.2'),
    ]).toEqual([401, 429, 401])
    now += 60_001
    expect(await forgedFrom('192.0.2.1')).toBe(401)
  })

  it('does not believe X-Forwarded-For unless told to', async () => {
    const door = await openDoor({ failuresPerMinute: 1 })
    const statuses: number[] = []
    for (const address of ['192.0.2.1', '192.0.2.2'])
      statuses.push(
        (
          await deliver(door, 'github', opened, {
            headers: { 'x-hub-signature-256': 'x', 'x-forwarded-for': address },
          })
        ).status,
      )
    expect(statuses).toEqual([401, 429])
  })
})

describe('law 10', () => {
  it('law 10: no secret, no header and no body in a log line, an answer or a metric', async () => {
    const door = await openDoor({
      enqueue: (key) =>
        key.startsWith('gitea') ? Promise.reject(new Error(`lost ${webhookKey}`)) : Promise.resolve(),
    })
    const texts: string[] = []
    for (const family of families) {
      const canaries = { ...deliveryNamed(family, 'opened').body, title: 'canary-in-the-body' }
      const headers = {
        'x-github-delivery': 'evil; canary-in-a-header',
        'user-agent': 'canary-in-a-header',
      }
      texts.push((await deliver(door, family, JSON.stringify(canaries), { headers })).text)
      texts.push((await deliver(door, family, '{"canary-in-the-body"', { headers })).text)
      texts.push(
        (
          await deliver(door, family, JSON.stringify(canaries), {
            headers: {
              ...headers,
              'x-gitlab-token': `wrong-${webhookKey}`,
              'x-hub-signature-256': webhookKey,
              'x-gitea-signature': webhookKey,
            },
          })
        ).text,
      )
    }
    texts.push((await ask(`${door.url}/webhooks/${webhookKey}`, { method: 'POST' })).text)
    texts.push((await ask(`${door.url}/metrics`)).text)
    const everything = [...texts, ...door.logged].join('\n')
    expect(door.logged.length).toBeGreaterThan(10)
    expect(everything).toContain('mayfly_webhooks_total{forge="github",answer="bad-signature"} 1')
    expect(everything).not.toContain('canary')
  })

  it('a delivery id is logged when it is a plain one', async () => {
    const door = await openDoor()
    await deliver(door, 'github', opened, {
      headers: { 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' },
    })
    const [line = '{}'] = door.logged
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      msg: 'webhook taken',
      forge: 'github',
      event: 'opened',
      mergeRequest: 'github:acme/shop#142',
      delivery: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    })
  })
})

it('1000 deliveries at once, each on a connection of its own, are all taken', async () => {
  const door = await openDoor()
  const statuses = await Promise.all(
    Array.from({ length: 1000 }, async () => (await deliver(door, 'github')).status),
  )
  expect(new Set(statuses)).toEqual(new Set([202]))
  expect(door.taken).toHaveLength(1000)
})
