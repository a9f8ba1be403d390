import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { forgeErrorOf } from '../../src/forge/http/refusal.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { fixture, what, wish } from './publisher-fixture.ts'

describe('a forge in trouble', () => {
  it('law 11: one report that fails does not hold up the next, and comes again', async () => {
    const forge = fixture()
    forge.errors.push(new RetryLater('500'), new RetryLater('500'))
    forge.publisher.publish(wish(1, 'one'))
    forge.publisher.publish(wish(2, 'two'))
    forge.publisher.publish(wish(3, 'three'))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge).toSorted()).toEqual([
      'comment 1 one',
      'comment 1 one',
      'comment 2 two',
      'comment 2 two',
      'comment 3 three',
    ])
    expect([...forge.comments.keys()].toSorted()).toEqual([1, 2, 3])
  })

  it('the whole token is silent for as long as the forge asks', async () => {
    const forge = fixture()
    forge.errors.push(new RetryLater('slow down', { retryAfterMs: 90_000 }))
    forge.publisher.publish(wish(1, 'one'))
    forge.publisher.publish(wish(2, 'two'))
    await forge.clock.until(forge.publisher.idle())
    const [first, second] = forge.calls
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(90_000)
    expect(forge.comments.size).toBe(2)
  })

  const slowDown: Readonly<
    Record<string, { status: number; headers?: Record<string, string>; text?: string }>
  > = {
    '403 in words alone, the secondary limit': {
      status: 403,
      text: '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}',
    },
    '403 with Retry-After': { status: 403, headers: { 'retry-after': '60' } },
    '403 with a spent budget': {
      status: 403,
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Date.parse('2026-11-21T10:01:01Z') / 1000),
      },
    },
    '429 without a word': { status: 429 },
    '422 abuse': { status: 422, text: '{"message":"Validation Failed","errors":[{"code":"abuse"}]}' },
  }

  it.each(Object.entries(slowDown))('the whole token is silent for a minute after %s', async (_, answer) => {
    const forge = fixture()
    const raw = { text: '', ...answer, headers: new Headers(answer.headers) }
    const refusal = forgeErrorOf(raw, call, { forge: 'acme-git', now: forge.clock.now(), secret: 'secret' })
    forge.errors.push(...(refusal === null ? [] : [refusal]))
    forge.publisher.publish(wish(1, 'one', ['success']))
    forge.publisher.publish(wish(2, 'two', ['success']))
    await forge.clock.until(forge.publisher.idle())
    const [first, second] = forge.calls
    expect(first).toMatchObject({ wrote: false })
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(60_000)
    expect([...forge.comments]).toEqual([
      [2, 'two'],
      [1, 'one'],
    ])
    expect(forge.statuses).toHaveLength(2)
  })

  it('news overtakes the backoff of what it replaces', async () => {
    const forge = fixture()
    forge.errors.push(...Array.from({ length: 8 }, () => new RetryLater('500')))
    forge.publisher.publish(wish(1, 'one'))
    await forge.clock.advance(250_000)
    const tried = forge.calls.length
    forge.publisher.publish(wish(1, 'two'))
    await forge.clock.advance(1_500)
    expect(forge.calls).toHaveLength(tried + 1)
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('two')
  })

  it('one that always fails is given up, said once, and taken up when it is wanted again later', async () => {
    const forge = fixture()
    forge.errors.push(...Array.from({ length: 10 }, () => new RetryLater('500')))
    forge.publisher.publish(wish(1, 'one'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    await forge.clock.advance(600_000)
    forge.publisher.publish(wish(1, 'one'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('one')
  })

  it('a refusal is said once and not tried again with the same text for a while; the statuses go on', async () => {
    const forge = fixture()
    forge.errors.push(new Stalled('the token needs write:issue'))
    forge.publisher.publish(wish(1, 'one', ['success']))
    await forge.clock.until(forge.publisher.idle())
    forge.publisher.publish(wish(1, 'one', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'status mayfly/shop success'])
    expect(forge.log.lines).toMatchObject([{ level: 'warn', facts: { why: 'the token needs write:issue' } }])

    await forge.clock.advance(600_000)
    forge.errors.push(new Stalled('the token needs write:issue'))
    forge.publisher.publish(wish(1, 'one', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(3)
    expect(forge.log.lines).toHaveLength(1)
    forge.publisher.publish(wish(1, 'two', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('two')
  })
})

const call = {
  operation: 'create-comment',
  purpose: 'comment on merge request 1 of acme/shop',
  right: 'write:issue',
  method: 'POST',
  path: ['repos', 'acme', 'shop', 'issues', '1', 'comments'],
  schema: z.unknown(),
} as const
