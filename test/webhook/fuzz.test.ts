import { describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { judged } from './judged.ts'
import { proofHeaders } from '../support/sign-webhook.ts'
import { malformedBodies } from './malformed.ts'
import { deliveries, dialects, families } from './payloads.ts'

const key = 'a-webhook-secret-of-acme'
const now = new Date('2026-11-21T10:42:00Z')
const count = Number(process.env['MAYFLY_FUZZ'] ?? 10_000)

describe.each(families)('%s: malformed bodies', (family) => {
  const kinds = deliveries(family).map(({ headers }) => headers)
  // Every body comes under the name of every event, by and by.
  const headersAt = (at: number) => kinds[at % kinds.length] ?? {}
  const bodies = malformedBodies(family, count)

  it(`${count} with a valid signature come to a key, a commit, nothing, or 400`, () => {
    const endings = new Map<string, number>()
    for (const [at, body] of bodies.entries()) {
      const all = { ...headersAt(at), ...proofHeaders(family, key, body, now) }
      const received = judged(dialects[family], all, body, [secret(key)], now)
      endings.set(received.kind, (endings.get(received.kind) ?? 0) + 1)
      if (received.kind === 'refused') expect(received.status).toBe(400)
      // Whatever counts as an event has a number that a key can hold.
      if (received.kind === 'event')
        mergeRequestKey({ forge: family, repository: 'acme/shop', number: received.number })
      if (received.kind === 'commit-event') expect(received.sha).toMatch(/^[0-9a-f]{40}$/)
      if (received.kind === 'ignored' || received.kind === 'refused')
        expect(JSON.stringify(received).length).toBeLessThan(400)
    }
    // The mutations must reach every ending, else this proves nothing.
    expect([...endings.keys()].toSorted()).toEqual(['commit-event', 'event', 'ignored', 'refused'])
  })

  it(`${count} without one come to 401`, () => {
    for (const [at, body] of bodies.entries()) {
      const headers = headersAt(at)
      const all =
        at % 2 === 0 ? headers : { ...headers, ...proofHeaders(family, 'quite-another-secret', body, now) }
      expect(judged(dialects[family], all, body, [secret(key)], now)).toMatchObject({
        kind: 'refused',
        status: 401,
      })
    }
  })
})

describe('bodies that would hurt a parser', () => {
  const deep = 100_000
  const bodies: readonly (readonly [string, string | Uint8Array])[] = [
    ['100 000 arrays', '['.repeat(deep) + ']'.repeat(deep)],
    ['100 000 objects', `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`],
    ['100 000 objects, never closed', '{"a":'.repeat(deep)],
    ['depth behind closing brackets', `${']'.repeat(deep)}${'['.repeat(deep)}`],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['half a surrogate', '{"action":"\ud800"'],
    ['a number beyond every double', '{"number":1e999999'],
    ['NUL bytes', Buffer.alloc(1000)],
    ['a string', '"opened"'],
    ['an array', '[{}]'],
    ['null', 'null'],
    ['white space', '  \n '],
    ['a form', 'payload=%7B%7D'],
    ['XML', '<?xml version="1.0"?>'],
  ]
  it.each(bodies)('%s gets 400, with advice and without the body', (_name, text) => {
    const body = Buffer.from(text)
    const headers = { 'x-github-event': 'pull_request', ...proofHeaders('github', key, body, now) }
    const received = judged(dialects.github, headers, body, [secret(key)], now)
    expect(received).toMatchObject({ kind: 'refused', status: 400 })
    expect(received.kind === 'refused' && received.error).toMatch(/^The body is [^\n]{0,60}\.$/)
  })

  it('a deep string is no depth', () => {
    const [opened] = deliveries('github')
    const body = Buffer.from(JSON.stringify({ ...opened?.body, title: '[{"\\'.repeat(1000) }))
    const headers = { ...opened?.headers, ...proofHeaders('github', key, body, now) }
    expect(judged(dialects.github, headers, body, [secret(key)], now)).toMatchObject({ kind: 'event' })
  })

  it('keys of the prototype change nothing', () => {
    const text = '{"__proto__":{"number":1},"constructor":{"prototype":{"number":1}},"action":"constructor"}'
    const headers = { 'x-github-event': 'pull_request', ...proofHeaders('github', key, text, now) }
    expect(judged(dialects.github, headers, Buffer.from(text), [secret(key)], now)).toMatchObject({
      status: 400,
    })
    expect(({} as Record<string, unknown>)['number']).toBeUndefined()
  })
})
