import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ImageReference, parseReference, referenceText } from '../../src/registry/parse-reference.ts'
import { pinned } from '../../src/registry/pinned.ts'
import { nastyStrings } from '../support/nasty-strings.ts'

const digest = `sha256:${'ab'.repeat(32)}`
const of = (host: string, repository: string, version = 'latest') => ({ host, repository, version })

describe('a reference', () => {
  it.each<[string, ImageReference]>([
    ['nginx', of('docker.io', 'library/nginx')],
    ['nginx:1.27', of('docker.io', 'library/nginx', '1.27')],
    ['acme/shop', of('docker.io', 'acme/shop')],
    ['docker.io/nginx', of('docker.io', 'library/nginx')],
    ['index.docker.io/acme/shop:v1', of('docker.io', 'acme/shop', 'v1')],
    ['registry-1.docker.io/library/nginx', of('docker.io', 'library/nginx')],
    ['registry.acme.dev/team/shop:d4e5f6a', of('registry.acme.dev', 'team/shop', 'd4e5f6a')],
    ['Registry.Acme.dev/shop', of('registry.acme.dev', 'shop')],
    ['ghcr.io/acme/a/b/c', of('ghcr.io', 'acme/a/b/c')],
    ['localhost/shop', of('localhost', 'shop')],
    ['localhost:5000/shop:v1', of('localhost:5000', 'shop', 'v1')],
    ['registry:5000/shop', of('registry:5000', 'shop')],
    ['registry:5000', of('docker.io', 'library/registry', '5000')],
    ['registry/shop', of('docker.io', 'registry/shop')],
    ['10.0.0.7:5000/shop', of('10.0.0.7:5000', 'shop')],
    ['[fd12::7]:5000/shop', of('[fd12::7]:5000', 'shop')],
    [`ghcr.io/acme/shop@${digest}`, of('ghcr.io', 'acme/shop', digest)],
    [`ghcr.io/acme/shop:v1@${digest}`, of('ghcr.io', 'acme/shop', digest)],
    ['ghcr.io/a__b/c-d/e--f.g_h', of('ghcr.io', 'a__b/c-d/e--f.g_h')],
    [`shop:${'x'.repeat(128)}`, of('docker.io', 'library/shop', 'x'.repeat(128))],
  ])('%s', (text, reference) => {
    expect(parseReference(text)).toEqual({ kind: 'reference', reference })
  })

  it.each([
    '',
    ' ',
    'https://ghcr.io/acme/shop',
    'user:password@ghcr.io/acme/shop',
    'ghcr.io/',
    'ghcr.io//shop',
    'ghcr.io/acme/',
    '/shop',
    'ghcr.io/Acme/shop',
    'Acme/shop',
    'ghcr.io/acme/shop:',
    'ghcr.io/acme/shop:-v1',
    'ghcr.io/acme/shop:a/b',
    `ghcr.io/acme/shop:${'x'.repeat(129)}`,
    'ghcr.io/acme/shop@sha256:abc',
    `ghcr.io/acme/shop@${digest}@${digest}`,
    `ghcr.io/acme/shop@${digest.toUpperCase()}`,
    'ghcr.io/acme/../shop',
    'ghcr.io/acme/%2e%2e/shop',
    'ghcr.io/acme/shop?x=y',
    'ghcr.io/acme/shop#x',
    'ghcr.io\\acme/shop',
    'ghcr.io:port/shop',
    'ghcr.io:123456/shop',
    '-ghcr.io/shop',
    'ghcr..io/shop',
    'ghcr.io./shop',
    'ghcr.io/acme/shop:v1\n',
    'gh\ncr.io/shop',
    '[::1/shop',
    'ab'.repeat(32),
    `ghcr.io/${'a/'.repeat(130)}b`,
  ])('none is %j, and it is not quoted', (text) => {
    const parsed = parseReference(text)
    expect(parsed.kind).toBe('invalid')
    expect(parsed).toMatchObject({
      why: expect.stringMatching(/^That is no reference of an image: .+\.$/) as string,
    })
    expect(JSON.stringify(parsed)).not.toContain('password')
  })

  it('of any text is one or none, and one that is written out is read the same', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '0',
      '.',
      '-',
      '_',
      '/',
      ':',
      '@',
      '[',
      ']',
      '%',
      'localhost',
      digest,
      ' ',
    )
    const texts = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseReference(text)
        if (parsed.kind === 'invalid') return
        expect(parseReference(referenceText(parsed.reference))).toEqual(parsed)
        const { repository, version, host } = parsed.reference
        const { pathname } = new URL(`https://host/v2/${repository}/manifests/${version}`)
        expect(pathname).toBe(`/v2/${repository}/manifests/${version}`)
        expect(host).toMatch(/^[\w.:[\]-]+$/)
      }),
    )
  })

  it('of what people write into a branch name is none, or changes no path', () => {
    for (const text of nastyStrings) {
      const parsed = parseReference(`ghcr.io/acme/shop:${text}`)
      if (parsed.kind === 'reference')
        expect(parsed.reference).toMatchObject({ host: 'ghcr.io', repository: 'acme/shop' })
    }
  })
})

describe('a pinned reference', () => {
  it.each([
    ['nginx', `nginx@${digest}`],
    ['ghcr.io/acme/shop:v1', `ghcr.io/acme/shop@${digest}`],
    ['registry:5000/shop', `registry:5000/shop@${digest}`],
    ['registry:5000/shop:v1', `registry:5000/shop@${digest}`],
    [`ghcr.io/acme/shop:v1@sha256:${'0'.repeat(64)}`, `ghcr.io/acme/shop@${digest}`],
  ])('%s becomes %s', (reference, expected) => {
    expect(pinned(reference, digest)).toBe(expected)
    expect(pinned(expected, digest)).toBe(expected)
  })

  it('stays as it is where the digest is not known', () => {
    expect(pinned('ghcr.io/acme/shop:v1', null)).toBe('ghcr.io/acme/shop:v1')
  })
})
