import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dockerLogins, readDockerConfig } from '../../src/registry/docker-config.ts'
import { parseReference } from '../../src/registry/parse-reference.ts'

const basic = (text: string) => Buffer.from(text).toString('base64')
const config = (auths: object) => JSON.stringify({ auths, credsStore: 'desktop' })

function loginsIn(text: string, image: string): readonly string[] | string {
  const parsed = parseReference(image)
  if (parsed.kind === 'invalid') throw new Error(parsed.why)
  const found = dockerLogins(text, parsed.reference)
  if (found.kind === 'unreadable') return found.why
  return found.logins.map(({ header }) => Buffer.from(header?.reveal().slice(6) ?? '', 'base64').toString())
}

describe('a docker config', () => {
  it.each<[string, object, string, readonly string[]]>([
    ['auth', { 'ghcr.io': { auth: basic('u:p') } }, 'ghcr.io/acme/shop', ['u:p']],
    ['a user and a password', { 'ghcr.io': { username: 'u', password: 'p' } }, 'ghcr.io/acme/shop', ['u:p']],
    [
      'auth before those',
      { 'ghcr.io': { auth: basic('u:p'), username: 'x', password: 'y' } },
      'ghcr.io/a',
      ['u:p'],
    ],
    ['a password with colons', { 'ghcr.io': { auth: basic('u:p:q') } }, 'ghcr.io/a', ['u:p:q']],
    ['zeros at the end', { 'ghcr.io': { auth: basic('u:p\0\0') } }, 'ghcr.io/a', ['u:p']],
    ['a scheme', { 'https://ghcr.io': { auth: basic('u:p') } }, 'ghcr.io/a', ['u:p']],
    ['an old path', { 'https://ghcr.io/v2/': { auth: basic('u:p') } }, 'ghcr.io/a', ['u:p']],
    ['Docker Hub', { 'https://index.docker.io/v1/': { auth: basic('u:p') } }, 'nginx', ['u:p']],
    ['Docker Hub by its short name', { 'docker.io': { auth: basic('u:p') } }, 'docker.io/acme/shop', ['u:p']],
    ['a port', { 'registry.acme.dev:5000': { auth: basic('u:p') } }, 'registry.acme.dev:5000/a', ['u:p']],
    ['another port', { 'registry.acme.dev:5000': { auth: basic('u:p') } }, 'registry.acme.dev/a', []],
    ['another host', { 'ghcr.io': { auth: basic('u:p') } }, 'evilghcr.io/a', []],
    ['a host that only begins so', { 'ghcr.io': { auth: basic('u:p') } }, 'ghcr.io.acme.dev/a', []],
    [
      'a part of a registry, the nearest first',
      {
        'quay.io': { auth: basic('all:p') },
        'quay.io/acme/shop': { auth: basic('shop:p') },
        'quay.io/acme': { auth: basic('acme:p') },
        'quay.io/ac': { auth: basic('ac:p') },
      },
      'quay.io/acme/shop:v1',
      ['shop:p', 'acme:p', 'all:p'],
    ],
    ['an entry of a helper', { 'ghcr.io': {} }, 'ghcr.io/a', []],
    ['no user', { 'ghcr.io': { auth: basic(':p') } }, 'ghcr.io/a', []],
    ['no password', { 'ghcr.io': { auth: basic('u:') } }, 'ghcr.io/a', []],
    ['what is no base64', { 'ghcr.io': { auth: '!!!' } }, 'ghcr.io/a', []],
  ])('%s', (_what, auths, image, expected) => {
    expect(loginsIn(config(auths), image)).toEqual(expected)
  })

  it.each(['', '{', '[]', 'null', '{"auths":[]}', '{"auths":{"ghcr.io":"secret"}}'])(
    'unreadable: %s',
    (text) => {
      const why = loginsIn(text, 'ghcr.io/acme/shop')
      expect(why).toBe('the docker config cannot be used: it is no JSON with `auths`')
    },
  )

  it('without `auths` has no logins, and any text is read or not', () => {
    expect(loginsIn('{}', 'ghcr.io/acme/shop')).toEqual([])
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => void loginsIn(text, 'ghcr.io/acme/shop')),
    )
  })

  it('that is not there says so', async () => {
    const reference = { host: 'ghcr.io', repository: 'acme/shop', version: 'v1' }
    expect(await readDockerConfig('/nowhere/config.json', reference)).toEqual({
      kind: 'unreadable',
      why: 'the docker config cannot be used: ENOENT',
    })
  })

  it('shows no password when it is printed', () => {
    const reference = { host: 'ghcr.io', repository: 'acme/shop', version: 'v1' }
    const found = dockerLogins(config({ 'ghcr.io': { auth: basic('u:hunter2hunter2') } }), reference)
    expect(JSON.stringify(found)).not.toContain(basic('u:hunter2hunter2'))
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })
})
