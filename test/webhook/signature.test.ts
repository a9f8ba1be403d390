import { describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import type { WebhookHeaders } from '../../src/forge/webhook-dialect.ts'
import { judged } from './judged.ts'
import { hexHmac, proofHeaders, standardWebhookHeaders } from '../support/sign-webhook.ts'
import { deliveryNamed, dialects, type Family } from './payloads.ts'

const key = 'a-webhook-secret-of-acme'
const other = 'quite-another-secret-of-acme'
const signing = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const now = new Date('2026-11-21T10:42:00Z')

function judge(family: Family, headers: WebhookHeaders, secrets: readonly string[], text = bodyOf(family)) {
  const all = { ...deliveryNamed(family, 'opened').headers, ...headers }
  const received = judged(dialects[family], all, Buffer.from(text), secrets.map(secret), now)
  return received.kind === 'refused' ? received.status : received.kind
}

function bodyOf(family: Family): string {
  return JSON.stringify(deliveryNamed(family, 'opened').body)
}

const hexHeaders = [
  ['github', 'x-hub-signature-256', 'sha256='],
  ['gitea', 'x-gitea-signature', ''],
  ['forgejo', 'x-forgejo-signature', ''],
] as const

describe.each(hexHeaders)('%s %s', (family, header, prefix) => {
  const good = `${prefix}${hexHmac(key, bodyOf(family))}`

  it('is genuine with the right secret', () => {
    expect(judge(family, { [header]: good }, [key])).toBe('event')
    expect(judge(family, { [header]: [good] }, [key])).toBe('event')
  })

  it('is genuine with either secret while one is rotated, in any order', () => {
    expect(judge(family, { [header]: good }, [other, key])).toBe('event')
    expect(judge(family, { [header]: good }, [key, other])).toBe('event')
    expect(judge(family, { [header]: good }, [other])).toBe(401)
  })

  const cases: readonly (readonly [string, WebhookHeaders, readonly string[]])[] = [
    ['no header', {}, [key]],
    ['an empty header', { [header]: '' }, [key]],
    ['only the prefix', { [header]: prefix }, [key]],
    ['another secret', { [header]: `${prefix}${hexHmac(other, bodyOf(family))}` }, [key]],
    ['another body', { [header]: `${prefix}${hexHmac(key, '{}')}` }, [key]],
    ['upper-case digits', { [header]: `${prefix}${hexHmac(key, bodyOf(family)).toUpperCase()}` }, [key]],
    ['one digit short', { [header]: good.slice(0, -1) }, [key]],
    ['one digit long', { [header]: `${good}0` }, [key]],
    ['the last digit changed', { [header]: good.slice(0, -1) + (good.endsWith('0') ? '1' : '0') }, [key]],
    ['not hex', { [header]: `${prefix}${'z'.repeat(64)}` }, [key]],
    ['a megabyte of digits', { [header]: `${prefix}${'0'.repeat(1e6)}` }, [key]],
    ['SHA-1', { [header]: `sha1=${hexHmac(key, bodyOf(family), 'sha1')}` }, [key]],
    ['SHA-512', { [header]: `sha512=${hexHmac(key, bodyOf(family), 'sha512')}` }, [key]],
    ['another prefix', { [header]: `SHA256=${hexHmac(key, bodyOf(family))}` }, [key]],
    ['a space before it', { [header]: ` ${good}` }, [key]],
    ['a newline after it', { [header]: `${good}\n` }, [key]],
    [
      'base64',
      { [header]: `${prefix}${Buffer.from(hexHmac(key, bodyOf(family)), 'hex').toString('base64')}` },
      [key],
    ],
    ['two headers, both right', { [header]: [good, good] }, [key]],
    ['two headers, one right', { [header]: [good, `${prefix}${'0'.repeat(64)}`] }, [key]],
    ['two headers joined by Node', { [header]: `${good}, ${good}` }, [key]],
    ['no secret configured', { [header]: good }, []],
    ['an empty secret, and its signature', { [header]: `${prefix}${hexHmac('', bodyOf(family))}` }, ['']],
    ['an empty secret beside a good one', { [header]: `${prefix}${hexHmac('', bodyOf(family))}` }, ['', key]],
    ['the secret itself', { [header]: key }, [key]],
  ]
  it.each(cases)('is refused with %s', (_name, headers, secrets) => {
    expect(judge(family, headers, secrets)).toBe(401)
  })
})

describe('the path alone chooses the dialect', () => {
  const right = { gitea: hexHmac(key, bodyOf('gitea')), forgejo: hexHmac(key, bodyOf('forgejo')) }
  const wrong = '0'.repeat(64)

  it('a bad Forgejo signature is not rescued by a good Gitea one, nor the other way round', () => {
    expect(
      judge('forgejo', { 'x-forgejo-signature': wrong, 'x-gitea-signature': right.forgejo }, [key]),
    ).toBe(401)
    expect(judge('gitea', { 'x-forgejo-signature': right.gitea, 'x-gitea-signature': wrong }, [key])).toBe(
      401,
    )
    expect(
      judge('forgejo', { 'x-forgejo-signature': right.forgejo, 'x-gitea-signature': right.forgejo }, [key]),
    ).toBe('event')
  })

  it('an empty Forgejo signature is a bad one', () => {
    expect(judge('forgejo', { 'x-forgejo-signature': '', 'x-gitea-signature': right.forgejo }, [key])).toBe(
      401,
    )
  })

  it('Gitea is not believed for its X-Hub-Signature-256', () => {
    expect(
      judge('gitea', { 'x-hub-signature-256': `sha256=${right.gitea}`, 'x-gogs-signature': right.gitea }, [
        key,
      ]),
    ).toBe(401)
  })

  it('GitHub is not believed for another forge’s header', () => {
    const hex = hexHmac(key, bodyOf('github'))
    expect(
      judge(
        'github',
        {
          'x-gitea-signature': hex,
          'x-gitlab-token': key,
          'x-hub-signature': `sha1=${hexHmac(key, bodyOf('github'), 'sha1')}`,
        },
        [key],
      ),
    ).toBe(401)
  })
})

describe('gitlab with a secret token', () => {
  it('is genuine with the right one, also while rotating', () => {
    expect(judge('gitlab', { 'x-gitlab-token': key }, [key])).toBe('event')
    expect(judge('gitlab', { 'x-gitlab-token': key }, [other, key])).toBe('event')
  })

  it('is genuine with a token outside ASCII, as Node reads it', () => {
    const umlauts = 'ein-geheimes-Wort-für-acme'
    expect(judge('gitlab', { 'x-gitlab-token': Buffer.from(umlauts).toString('latin1') }, [umlauts])).toBe(
      'event',
    )
  })

  const cases: readonly (readonly [string, WebhookHeaders, readonly string[]])[] = [
    ['no header', {}, [key]],
    ['an empty header', { 'x-gitlab-token': '' }, [key]],
    ['another token', { 'x-gitlab-token': other }, [key]],
    ['a prefix of the token', { 'x-gitlab-token': key.slice(0, -1) }, [key]],
    ['a longer token', { 'x-gitlab-token': `${key}x` }, [key]],
    ['another case', { 'x-gitlab-token': key.toUpperCase() }, [key]],
    ['two headers', { 'x-gitlab-token': [key, key] }, [key]],
    ['an empty secret', { 'x-gitlab-token': '' }, ['']],
    ['no secret configured', { 'x-gitlab-token': key }, []],
    ['an HMAC instead', { 'x-gitlab-token': hexHmac(key, bodyOf('gitlab')) }, [key]],
  ]
  it.each(cases)('is refused with %s', (_name, headers, secrets) => {
    expect(judge('gitlab', headers, secrets)).toBe(401)
  })
})

describe('gitlab signed as Standard Webhooks says', () => {
  const text = bodyOf('gitlab')
  const signed = standardWebhookHeaders(signing, text, now)

  it('is genuine with a whsec_ key, with a raw one, and while rotating', () => {
    expect(judge('gitlab', signed, [signing])).toBe('event')
    expect(judge('gitlab', standardWebhookHeaders(key, text, now), [key])).toBe('event')
    expect(judge('gitlab', signed, [other, signing])).toBe('event')
  })

  it('is genuine when one of several signatures fits', () => {
    const foreign = standardWebhookHeaders(other, text, now)['webhook-signature'] ?? ''
    const both = `${foreign} ${signed['webhook-signature'] ?? ''} v1a,ZWQyNTUxOQ==`
    expect(judge('gitlab', { ...signed, 'webhook-signature': both }, [signing])).toBe('event')
  })

  it.each([-300, -299, 0, 299, 300])('is genuine %i s off', (seconds) => {
    const at = new Date(now.getTime() + seconds * 1000)
    expect(judge('gitlab', standardWebhookHeaders(signing, text, at), [signing])).toBe('event')
  })

  it.each([-86_400, -301, 301, 86_400])('is refused %i s off', (seconds) => {
    const at = new Date(now.getTime() + seconds * 1000)
    expect(judge('gitlab', standardWebhookHeaders(signing, text, at), [signing])).toBe(401)
  })

  it('a right token does not rescue a bad signature', () => {
    const bad = {
      ...signed,
      'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
      'x-gitlab-token': key,
    }
    expect(judge('gitlab', bad, [key, signing])).toBe(401)
    expect(judge('gitlab', { ...bad, 'webhook-signature': '' }, [key, signing])).toBe(401)
    expect(judge('gitlab', { 'webhook-signature': 'v1,', 'x-gitlab-token': key }, [key])).toBe(401)
  })

  const cases: readonly (readonly [string, Record<string, string | readonly string[]>])[] = [
    ['another id', { 'webhook-id': 'another' }],
    ['an empty id', { 'webhook-id': '' }],
    ['an id with a space', { 'webhook-id': 'a b' }],
    ['another timestamp', { 'webhook-timestamp': String(Math.floor(now.getTime() / 1000) + 1) }],
    ['a timestamp that is no number', { 'webhook-timestamp': 'now' }],
    ['a timestamp with a fraction', { 'webhook-timestamp': `${Math.floor(now.getTime() / 1000)}.0` }],
    ['no version', { 'webhook-signature': (signed['webhook-signature'] ?? '').slice(3) }],
    [
      'another version only',
      { 'webhook-signature': (signed['webhook-signature'] ?? '').replace('v1,', 'v2,') },
    ],
    ['hex', { 'webhook-signature': `v1,${hexHmac(key, text)}` }],
    [
      'base64 with rubbish inside',
      { 'webhook-signature': (signed['webhook-signature'] ?? '').replace('v1,', 'v1,!') },
    ],
    ['a hundred signatures', { 'webhook-signature': Array(100).fill(signed['webhook-signature']).join(' ') }],
    [
      'two signature headers',
      { 'webhook-signature': [signed['webhook-signature'] ?? '', signed['webhook-signature'] ?? ''] },
    ],
    ['two ids', { 'webhook-id': [signed['webhook-id'] ?? '', signed['webhook-id'] ?? ''] }],
    ['two timestamps', { 'webhook-timestamp': [signed['webhook-timestamp'] ?? '', '1'] }],
  ]
  it.each(cases)('is refused with %s', (_name, change) => {
    expect(judge('gitlab', { ...signed, ...change }, [signing])).toBe(401)
  })

  it('is refused with another body, no secret, and a secret that is only a prefix', () => {
    expect(judge('gitlab', signed, [signing], `${text} `)).toBe(401)
    expect(judge('gitlab', signed, [])).toBe(401)
    expect(judge('gitlab', standardWebhookHeaders('', text, now), [''])).toBe(401)
    expect(judge('gitlab', standardWebhookHeaders('whsec_', text, now), [''])).toBe(401)
  })
})

describe('nothing is parsed before the signature holds', () => {
  it.each(['github', 'gitlab', 'gitea', 'forgejo'] as const)(
    '%s: a body that is no JSON at all gets 401, not 400',
    (family) => {
      const broken = Buffer.from('{"a":'.repeat(100_000))
      const { headers } = deliveryNamed(family, 'opened')
      const wrong = { ...headers, ...proofHeaders(family, other, broken, now) }
      const right = { ...headers, ...proofHeaders(family, key, broken, now) }
      expect(judged(dialects[family], wrong, broken, [secret(key)], now)).toMatchObject({ status: 401 })
      expect(judged(dialects[family], right, broken, [secret(key)], now)).toMatchObject({ status: 400 })
    },
  )
})
