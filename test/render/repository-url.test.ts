import { describe, expect, it } from 'vitest'
import { isAllowedUrl } from '../../src/render/policy/repository-url.ts'

describe('isAllowedUrl', () => {
  it.each([
    ['https://git.acme.dev/acme/shop', 'https://git.acme.dev/acme/shop.git'],
    ['HTTPS://Git.Acme.Dev/acme/shop.git', 'https://git.acme.dev/acme/shop'],
    ['https://git.acme.dev/acme/shop/', 'https://git.acme.dev/acme/shop.git'],
    ['git@git.acme.dev:acme/shop.git', 'ssh://git@git.acme.dev/acme/shop'],
    ['ssh://git@git.acme.dev/acme/shop', 'git@git.acme.dev:acme/shop.git'],
    ['https://git.acme.dev:8443/acme/shop', 'https://git.acme.dev:8443/acme/shop'],
    ['https://git.acme.dev/acme/shop', 'https://git.acme.dev/acme/*'],
    ['https://git.acme.dev/a/b/c/shop.git', 'https://git.acme.dev/**'],
    ['oci://registry.acme.dev/charts/shop', 'oci://registry.acme.dev/charts/*'],
    ['registry.acme.dev/charts', 'registry.acme.dev/charts'],
    ['file:///srv/git/shop.git', 'file:///srv/git/shop.git'],
    ['http://127.0.0.1:3000/acme/shop.git', 'http://127.0.0.1:3000/acme/shop.git'],
  ])('%s is %s', (url, allowed) => {
    expect(isAllowedUrl(url, [allowed])).toBe(true)
  })

  it.each([
    ['https://git.acme.dev/acme/Shop', 'https://git.acme.dev/acme/shop'],
    ['https://git.acme.dev/acme/shop/x', 'https://git.acme.dev/acme/*'],
    ['https://git.acme.dev.evil.example/acme/shop', 'https://git.acme.dev/**'],
    ['https://evil.example/git.acme.dev/acme/shop', 'https://git.acme.dev/**'],
    ['https://git.acme.dev/acme/../evil/shop', 'https://git.acme.dev/**'],
    ['https://git.acme.dev/acme/./shop', 'https://git.acme.dev/**'],
    ['https://git.acme.dev\\@evil.example/x', 'https://git.acme.dev/**'],
    ['https://user@git.acme.dev/acme/shop', 'https://git.acme.dev/**'],
    ['https://git.acme.dev/acme/shop#x', 'https://git.acme.dev/**'],
    ['https://git.acme.dev/acme/shop\n', 'https://git.acme.dev/**'],
    ['ssh://git:pass@git.acme.dev/acme/shop', 'ssh://**'],
    ['ext::sh -c x', '**'],
    ['--upload-pack=x', 'https://git.acme.dev/**'],
    ['git@git.acme.dev:acme/../x', '**'],
    ['', '**'],
  ])('%j is not %s', (url, allowed) => {
    expect(isAllowedUrl(url, [allowed])).toBe(false)
  })
})
