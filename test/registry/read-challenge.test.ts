import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuthChallenge, readChallenge } from '../../src/registry/read-challenge.ts'

const bearer = (realm: string, service: string | null = null): AuthChallenge => ({
  scheme: 'bearer',
  realm,
  service,
})

describe('a challenge', () => {
  it.each<[string, AuthChallenge | null]>([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"',
      bearer('https://auth.docker.io/token', 'registry.docker.io'),
    ],
    [
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="a:b:pull,push"',
      bearer('https://ghcr.io/token', 'ghcr.io'),
    ],
    ['bearer REALM = "https://r/t" , Service=plain', bearer('https://r/t', 'plain')],
    ['Bearer realm=https://r/t', bearer('https://r/t')],
    [String.raw`Bearer realm="https://r/\"t\\",error="a, b"`, bearer(String.raw`https://r/"t\ `.trim())],
    ['Basic realm="a registry"', { scheme: 'basic' }],
    ['BASIC', { scheme: 'basic' }],
    ['Basic realm="Registry Realm", Bearer realm="https://r/t",service="s"', bearer('https://r/t', 's')],
    ['Bearer realm="https://r/t", Basic realm="x"', bearer('https://r/t')],
    ['Negotiate, Basic realm="x"', { scheme: 'basic' }],
    ['NTLM TlRMTVNTUAAB==, Basic realm="x"', { scheme: 'basic' }],
    ['Bearer service="s", Basic realm="x"', { scheme: 'basic' }],
    ['Bearer', null],
    ['Negotiate', null],
    ['Digest realm="x", nonce="y"', null],
    ['Bearer realm="https://r/t', null],
    ['', null],
    [', ,', null],
    ['realm="https://r/t"', null],
    [`Bearer realm="https://r/${'x'.repeat(9000)}"`, null],
  ])('%s', (header, challenge) => {
    expect(readChallenge(header)).toEqual(challenge)
  })

  it('is none where there is no header', () => {
    expect(readChallenge(null)).toBeNull()
  })

  it('is read as it was written, and any other text is one or none', () => {
    const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
    const word = fc.string({ unit: fc.constantFrom('a', ',', ' ', '"', '\\', '=', ':', '/') })
    fc.assert(
      fc.property(word, word, (realm, service) => {
        const header = `Basic realm="x", Bearer service=${quoted(service)}, realm=${quoted(realm)}`
        expect(readChallenge(header)).toEqual(bearer(realm, service))
      }),
    )
    fc.assert(
      fc.property(fc.oneof(fc.string(), word), (text) => {
        const read = readChallenge(text)
        expect(read === null || ['bearer', 'basic'].includes(read.scheme)).toBe(true)
      }),
    )
  })

  it('takes no time for what is made to take time', () => {
    const began = performance.now()
    for (const text of [
      'Basic '.repeat(1300),
      'a '.repeat(4000),
      `Bearer ${'a'.repeat(8000)}`,
      `B ${'a='.repeat(4000)}`,
      '\\"'.repeat(4000),
    ])
      readChallenge(text)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
