import { describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { registryLogin } from '../../src/registry/registry-login.ts'
import { mayCarryPassword, tokenRealm } from '../../src/registry/token-realm.ts'

const docker = { host: 'docker.io', origin: 'https://registry-1.docker.io' }
const gitlab = { host: 'registry.gitlab.com', origin: 'https://registry.gitlab.com' }
const own = { host: 'registry.acme.dev:5050', origin: 'https://registry.acme.dev:5050' }
const plain = { host: 'registry.acme.dev:5000', origin: 'http://registry.acme.dev:5000' }

describe('a password goes', () => {
  it.each([
    ['to Docker Hub', docker, 'https://auth.docker.io/token', [], true],
    ['to Docker Hub without TLS', docker, 'http://auth.docker.io/token', [], false],
    ['to a host that ends like it', docker, 'https://evil-auth.docker.io/token', [], false],
    ['to another port of it', docker, 'https://auth.docker.io:8443/token', [], false],
    ['to gitlab.com', gitlab, 'https://gitlab.com/jwt/auth', [], true],
    ['to gitlab.com for another registry', own, 'https://gitlab.com/jwt/auth', [], false],
    ['to the registry itself', own, 'https://registry.acme.dev:5050/token', [], true],
    ['to another port of the registry', own, 'https://registry.acme.dev/token', [], false],
    ['to that port where it is named', own, 'https://registry.acme.dev/token', ['registry.acme.dev'], true],
    ['to a named host in capitals', own, 'https://git.acme.dev/jwt/auth', ['Git.Acme.dev'], true],
    ['to a port that is not named', own, 'https://git.acme.dev:8443/jwt/auth', ['git.acme.dev'], false],
    ['to a named port', own, 'https://git.acme.dev:8443/jwt/auth', ['git.acme.dev:8443'], true],
    ['to the registry without TLS where it has none', plain, 'http://registry.acme.dev:5000/token', [], true],
    ['to the registry without TLS where it has some', own, 'http://registry.acme.dev:5050/token', [], false],
  ] as const)('%s', (_what, registry, realm, realms, expected) => {
    const login = registryLogin('the user', 'u', secret('p'), realms)
    expect(mayCarryPassword(new URL(realm), registry, login)).toBe(expected)
  })
})

describe('a token is asked for', () => {
  const question = (realm: string, plainHosts: readonly string[] = [], origin = own.origin) =>
    tokenRealm({
      challenge: { scheme: 'bearer', realm, service: 'a service' },
      repository: 'acme/shop',
      origin,
      isPlain: (host) => plainHosts.includes(host),
    })?.href ?? null

  const asked = 'service=a+service&scope=repository%3Aacme%2Fshop%3Apull'

  it.each([
    ['https://git.acme.dev/jwt/auth', `https://git.acme.dev/jwt/auth?${asked}`],
    ['https://git.acme.dev/t?x=y#z', `https://git.acme.dev/t?x=y&${asked}`],
    [
      'https://git.acme.dev/t?scope=repository:a:push&scope=b',
      'https://git.acme.dev/t?scope=repository%3Aacme%2Fshop%3Apull&service=a+service',
    ],
    ['http://git.acme.dev/t', null],
    ['https://user@git.acme.dev/t', null],
    ['https://:password@git.acme.dev/t', null],
    ['/token', null],
    ['', null],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
  ])('at %s: %s', (realm, expected) => {
    expect(question(realm)).toBe(expected)
  })

  it('without TLS where the operator says so, or where the registry has none', () => {
    expect(question('http://git.acme.dev/t', ['git.acme.dev'])).toBe(`http://git.acme.dev/t?${asked}`)
    expect(question(`${plain.origin}/t`, [], plain.origin)).toBe(`${plain.origin}/t?${asked}`)
    expect(question(`${plain.origin}/t`)).toBeNull()
  })
})
