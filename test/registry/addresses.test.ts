import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFetch } from '../../src/network/create-fetch.ts'
import type { Resolve } from '../../src/network/checked-lookup.ts'
import { imageRegistryOf } from '../contract/registry.ts'
import { type StandInRegistry, startStandInRegistry } from '../support/stand-in-registry.ts'
import { startProxy } from '../support/proxy.ts'

let registry: StandInRegistry
let port = ''
beforeAll(async () => {
  registry = await startStandInRegistry({ kind: 'none' })
  port = new URL(registry.url).port
})
afterAll(() => registry.close())
beforeEach(() => {
  registry.asked.length = 0
})

const leadsTo = (...addresses: readonly string[]): Resolve => {
  return () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
}

/** The operator may leave out TLS; that opens no address. */
const plain = (host: string) => [{ host, username: null, password: null, plainHttp: true }]

describe('where a registry is never looked for', () => {
  it.each([
    '127.0.0.1:PORT',
    'localhost:PORT',
    'shop.localhost:PORT',
    '127.1:PORT',
    '0x7f.1:PORT',
    '0177.0.0.1:PORT',
    '2130706433:PORT',
    '0.0.0.0:PORT',
    '[::1]:PORT',
    '[::ffff:127.0.0.1]:PORT',
    '169.254.169.254',
    '[fd00:ec2::254]:80',
    '999.1.1.1',
  ])('%s', async (place) => {
    const host = place.replace('PORT', port)
    const images = imageRegistryOf({ allowLoopback: false, credentials: plain(host) })
    const reading = await images.find(`${host}/shop:v1`)
    expect(reading).toMatchObject({
      kind: 'invalid',
      why: expect.stringMatching(/^The host of the image must not be asked: /) as string,
    })
    expect(registry.asked).toEqual([])
  })

  it.each([[['127.0.0.1']], [['10.0.0.1', '169.254.169.254']], [['::ffff:a9fe:a9fe']]])(
    'a name that DNS says to be at %j',
    async (addresses) => {
      const host = `registry.acme.dev:${port}`
      const images = imageRegistryOf({
        allowLoopback: false,
        credentials: plain(host),
        resolve: leadsTo(...addresses),
      })
      expect(await images.find(`${host}/shop:v1`)).toMatchObject({
        kind: 'invalid',
        why: expect.stringContaining('registry.acme.dev leads to') as string,
      })
      expect(registry.asked).toEqual([])
    },
  )

  it('through a proxy, which would take it for its own', async () => {
    const places = { [`127.0.0.1:${port}`]: Number(port), [`localhost:${port}`]: Number(port) }
    const proxy = await startProxy(places)
    try {
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
        const images = imageRegistryOf({
          allowLoopback: false,
          credentials: plain(host),
          fetch: (lookup) => createFetch({ HTTP_PROXY: proxy.address, HTTPS_PROXY: proxy.address }, lookup),
        })
        expect((await images.find(`${host}/shop:v1`)).kind).toBe('invalid')
      }
      expect(proxy.asked).toEqual([])
    } finally {
      await proxy.close()
    }
  })
})

describe('where a registry is looked for', () => {
  it('by http only where the operator says so', async () => {
    const host = `registry.acme.dev:${port}`
    const resolve = leadsTo('127.0.0.1')
    const open = imageRegistryOf({ resolve, credentials: plain(host.toUpperCase()) })
    expect(await open.find(`${host}/shop:v1`)).toEqual({ kind: 'missing' })
    registry.asked.length = 0
    await expect(imageRegistryOf({ resolve }).find(`${host}/shop:v1`)).rejects.toThrow(
      `${host} did not answer`,
    )
    expect(registry.asked).toEqual([])
  })

  it('through the proxy that is set, which alone looks up names', async () => {
    const host = 'registry.acme.dev:8080'
    const proxy = await startProxy({ [host]: Number(port) })
    try {
      const images = imageRegistryOf({
        allowLoopback: false,
        credentials: plain(host),
        resolve: () => Promise.reject(new Error('nobody asks DNS')),
        fetch: (lookup) => createFetch({ HTTP_PROXY: `http://${proxy.address}` }, lookup),
      })
      expect(await images.find(`${host}/shop:v1`)).toEqual({ kind: 'missing' })
      await proxy.close()
      await expect(images.find(`${host}/shop:v2`)).rejects.toThrow(`through the proxy ${proxy.address}`)
    } finally {
      await proxy.close().catch(() => undefined)
    }
  })
})
