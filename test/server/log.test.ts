import { describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { createLog, type LogLevel } from '../../src/log.ts'

const canary = 'canary-token-of-acme'
const now = new Date('2026-11-21T10:42:00Z')
const clock = { now: () => now, monotonicMs: () => now.getTime(), sleep: () => Promise.resolve() }

function memoryLog(
  options: {
    readonly secrets?: readonly string[]
    readonly pretty?: boolean
    readonly level?: LogLevel
  } = {},
) {
  const lines: string[] = []
  const log = createLog({
    level: options.level ?? 'debug',
    pretty: options.pretty ?? false,
    destination: { write: (line) => lines.push(line) },
    redact: (options.secrets ?? [canary]).map(secret),
    clock,
  })
  return { log, lines, facts: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe('a log line', () => {
  it('is one JSON object: level in words, ISO time, the facts, msg', () => {
    const { log, lines } = memoryLog()
    log.warn({ mergeRequest: 'github:acme/shop#142', preview: 'shop/142' }, 'push was refused')
    expect(lines).toEqual([
      '{"level":"warn","time":"2026-11-21T10:42:00.000Z","mergeRequest":"github:acme/shop#142","preview":"shop/142","msg":"push was refused"}\n',
    ])
  })

  it('below the level is not written', () => {
    const { log, facts } = memoryLog({ level: 'warn' })
    log.debug({}, 'one')
    log.info({}, 'two')
    log.warn({}, 'three')
    log.error({}, 'four')
    expect(facts().map(({ msg }) => msg)).toEqual(['three', 'four'])
  })

  it('keeps its own keys whatever the facts are called', () => {
    const { log, facts } = memoryLog()
    log.info({ level: 'x', time: 'y', msg: 'z' }, 'sentence')
    expect(facts()).toEqual([
      { level: 'info', time: now.toISOString(), level_: 'x', time_: 'y', msg_: 'z', msg: 'sentence' },
    ])
  })

  it('tells an error with its causes and facts', () => {
    const { log, facts } = memoryLog()
    const error = Object.assign(new Error('push failed', { cause: new TypeError('fetch failed') }), {
      retryAfterMs: 5,
    })
    log.error({ error }, 'look failed')
    expect(facts()[0]?.['error']).toMatchObject({
      type: 'Error',
      message: 'push failed',
      retryAfterMs: 5,
      cause: { type: 'TypeError', message: 'fetch failed' },
    })
  })

  it('survives whatever it is given', () => {
    const circle: Record<string, unknown> = { name: 'circle' }
    circle['self'] = circle
    const hostile = {
      get boom() {
        throw new Error('no')
      },
    }
    const { log, facts } = memoryLog()
    const many = {
      circle,
      hostile,
      big: 10n,
      fn: () => 1,
      date: new Date(Number.NaN),
      set: new Set([1]),
      map: new Map([['a', 1]]),
      bytes: Buffer.from('x'),
      list: Array.from({ length: 1000 }, (_, at) => at),
      text: 'x'.repeat(100_000),
    }
    log.info(many, 'odd')
    log.info(new Error('bare'), 'odd')
    log.info(['a'], 'odd')
    expect(facts()[0]).toMatchObject({
      circle: { self: '[circular]' },
      hostile: '[unreadable]',
      big: '10',
      date: null,
      set: [1],
      map: { a: 1 },
      bytes: '[1 bytes]',
    })
    expect(facts()[1]).toMatchObject({ error: { message: 'bare' } })
    expect(JSON.stringify(facts()).length).toBeLessThan(20_000)
  })
})

describe('law 10: nothing secret is written', () => {
  const forms: readonly (readonly [string, object])[] = [
    ['as a fact', { token: canary }],
    ['as a key', { [canary]: 1 }],
    ['inside a text', { url: `https://forge.acme.dev/?token=${canary}&x=1` }],
    ['in an error', { error: new Error(`401 for ${canary}`) }],
    ['in a cause', { error: new Error('failed', { cause: new Error(canary) }) }],
    [
      'in a field of an error',
      { error: Object.assign(new Error('failed'), { request: { headers: { authorization: canary } } }) },
    ],
    ['in an aggregate', { error: new AggregateError([new Error(canary)], 'all failed') }],
    ['deep down', { a: [{ b: [{ c: canary }] }] }],
    ['in a map', { headers: new Map([['authorization', canary]]) }],
    ['wrapped', { secret: secret(canary) }],
    ['in base64', { header: Buffer.from(canary).toString('base64') }],
    ['as basic authentication', { header: `Basic ${Buffer.from(`oauth2:${canary}`).toString('base64')}` }],
    ['by toJSON', { thing: { toJSON: () => ({ value: canary }) } }],
    ['behind a long text', { text: `${'x'.repeat(7990)}${canary}` }],
  ]
  it.each(forms)('%s', (_name, facts) => {
    for (const pretty of [false, true]) {
      const { log, lines } = memoryLog({ pretty })
      log.info(facts, 'a sentence')
      expect(lines.join('')).not.toContain('canary')
      expect(lines.join('')).not.toContain(Buffer.from(canary).toString('base64').slice(0, 12))
    }
  })

  it('nor in the sentence', () => {
    const { log, lines } = memoryLog()
    log.info({}, `lost ${canary}`)
    expect(lines.join('')).toContain('lost [secret]')
  })

  it('secrets with odd characters, in JSON, in URLs, and keys of several lines', () => {
    const odd = 'ca"nary\\ of/acme ü'
    const pem = `-----BEGIN RSA PRIVATE KEY-----\n${'A1b2'.repeat(16)}\n${'C3d4'.repeat(16)}\n-----END RSA PRIVATE KEY-----`
    const { log, lines } = memoryLog({ secrets: [odd, pem, 'redis://:hunter2-of-acme@redis:6379'] })
    log.info(
      {
        json: JSON.stringify({ odd }),
        url: `?t=${encodeURIComponent(odd)}`,
        pem,
        part: 'A1b2'.repeat(16),
        redis: 'hunter2-of-acme',
      },
      'odd',
    )
    expect(lines.join('')).not.toMatch(/nary|A1b2|C3d4|hunter2/)
  })

  it('credentials nobody told us about', () => {
    const tail = 'x9'.repeat(18)
    const guessed = [
      `ghp_${tail}`,
      `gho_${tail}`,
      `ghu_${tail}`,
      `ghs_${tail}`,
      `ghr_${tail}`,
      `github_pat_${tail}`,
      `glpat-${tail}`,
      `whsec_${tail}`,
      `eyJhbGciOiJSUzI1NiJ9.eyJ${tail}.${tail}`,
      `Bearer ${tail}`,
      `bearer ${tail}`,
      `Basic ${tail}`,
      `token ${tail}`,
      `https://user:${tail}@acme.dev/x`,
      `https://${tail}@acme.dev/x`,
    ]
    const { log, lines } = memoryLog({ secrets: [] })
    for (const text of guessed) log.info({ text, error: new Error(text) }, text)
    expect(lines.join('')).not.toContain('x9x9')
    expect(lines).toHaveLength(guessed.length)
  })

  it('ordinary words stay readable', () => {
    const { log, facts } = memoryLog({ secrets: [canary, '', ' ', 'a'] })
    const text =
      'basic authentication with the token expired; see https://acme.dev/docs and git@acme.dev:acme/shop'
    log.info({ text }, 'a sentence')
    expect(facts()[0]).toMatchObject({ text, msg: 'a sentence' })
  })
})

describe('a line for people', () => {
  it('is one line with time, level, sentence and facts', () => {
    const { log, lines } = memoryLog({ pretty: true })
    log.info(
      { preview: 'shop/142', message: 'two words', error: new Error('no', { cause: new Error('why') }) },
      'look failed',
    )
    expect(lines).toEqual([
      '10:42:00 info  look failed preview=shop/142 message="two words" error="no: why"\n',
    ])
  })

  it('cannot be split or steered by a value', () => {
    const { log, lines } = memoryLog({ pretty: true })
    log.info({ branch: 'a\n12:00:00 error forged\u001b[2J\u009b31m\u2028' }, 'read')
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/)
  })
})
