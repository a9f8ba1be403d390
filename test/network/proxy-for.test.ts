import { describe, expect, it } from 'vitest'
import { faultyProxies, proxyFor } from '../../src/network/proxy-for.ts'

const proxies = { HTTPS_PROXY: 'http://proxy.acme.dev:3128', HTTP_PROXY: 'http://plain.acme.dev:3129' }

function proxyOf(url: string, variables: Readonly<Record<string, string>> = proxies): string | null {
  return proxyFor(variables, new URL(url))?.href ?? null
}

describe('which proxy a call goes through', () => {
  it.each<[string, Readonly<Record<string, string>>, string | null]>([
    ['https://git.acme.dev', proxies, 'http://proxy.acme.dev:3128/'],
    ['http://git.acme.dev', proxies, 'http://plain.acme.dev:3129/'],
    ['ssh://git@git.acme.dev/environments', proxies, null],
    ['https://git.acme.dev', { HTTP_PROXY: 'http://plain.acme.dev:3129' }, null],
    ['https://git.acme.dev', { ALL_PROXY: 'http://all.acme.dev:1' }, 'http://all.acme.dev:1/'],
    [
      'https://git.acme.dev',
      { ...proxies, https_proxy: 'small.acme.dev:8080' },
      'http://small.acme.dev:8080/',
    ],
    ['https://git.acme.dev', { ...proxies, https_proxy: '' }, null],
    ['https://git.acme.dev', {}, null],
  ])('%s with %o: %s', (url, variables, expected) => {
    expect(proxyOf(url, variables)).toBe(expected)
  })

  it.each<[string, string, boolean]>([
    ['acme.dev', 'https://acme.dev', true],
    ['acme.dev', 'https://git.acme.dev', true],
    ['acme.dev', 'https://ACME.dev.', true],
    ['acme.dev', 'https://notacme.dev', false],
    ['.acme.dev', 'https://git.acme.dev', true],
    ['*.acme.dev', 'https://git.acme.dev', true],
    ['acme.dev:8443', 'https://acme.dev:8443', true],
    ['acme.dev:8443', 'https://acme.dev', false],
    ['acme.dev:443', 'https://acme.dev', true],
    ['other.dev, acme.dev', 'https://acme.dev', true],
    ['other.dev acme.dev', 'https://acme.dev', true],
    ['*', 'https://acme.dev', true],
    ['10.0.0.0/8', 'https://10.96.0.1', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['10.96.0.1', 'https://10.96.0.1:6443', true],
    ['10.0.0.0/99', 'https://10.0.0.1', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['[fd12::1]:6443', 'https://[fd12::1]:6443', true],
    ['::1', 'https://[::1]', true],
    ['', 'https://acme.dev', false],
  ])('NO_PROXY %j keeps %s away from it: %s', (none, url, direct) => {
    expect(proxyOf(url, { ...proxies, NO_PROXY: none }) === null).toBe(direct)
  })

  it('names the variables that hold none, and never what they hold', () => {
    const wrong = {
      HTTPS_PROXY: 'socks5://me:hunter2@proxy.acme.dev',
      http_proxy: 'http://',
      NO_PROXY: '%%%',
    }
    expect(faultyProxies(wrong)).toEqual(['HTTPS_PROXY', 'HTTP_PROXY'])
    expect(() => proxyOf('https://acme.dev', wrong)).toThrow(/^HTTPS_PROXY holds no address of a proxy$/)
    expect(faultyProxies(proxies)).toEqual([])
  })
})
