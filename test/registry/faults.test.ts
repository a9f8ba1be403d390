import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/pace/clock.ts'
import { systemClock } from '../../src/pace/clock.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { imageRegistryOf } from '../contract/registry.ts'
import { type TestServer, startHttpServer } from '../support/http-server.ts'
import { pushImage } from '../support/push-image.ts'
import { type StandInRegistry, startStandInRegistry } from '../support/stand-in-registry.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const closing: (() => Promise<void>)[] = []
let registry: StandInRegistry
let digest = ''

beforeEach(async () => {
  registry = await startStandInRegistry({ kind: 'none' })
  closing.push(() => registry.close())
  digest = await pushImage({ url: registry.url, authorization: () => Promise.resolve(null) }, 'shop', 'v1')
  registry.asked.length = 0
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(handle: Parameters<typeof startHttpServer>[0]): Promise<TestServer> {
  const server = await startHttpServer(handle)
  closing.push(() => server.close())
  return server
}

/** The registry answers every question with this. */
function says(status: number, headers: Readonly<Record<string, string>> = {}): void {
  registry.instead = (_, response) => {
    response.writeHead(status, headers).end(status === 204 ? undefined : 'what it says')
    return true
  }
}

const image = () => `${registry.host}/shop:v1`

async function troubleOf(finding: Promise<unknown>): Promise<RetryLater> {
  const error: unknown = await finding.then(
    (reading) => reading,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(RetryLater)
  return error as RetryLater
}

/** Moves when the test says so; pauses and deadlines are real. */
function steeredClock(): Clock & { pass(ms: number): void } {
  let passed = 0
  return {
    ...systemClock,
    monotonicMs: () => systemClock.monotonicMs() + passed,
    pass: (ms) => {
      passed += ms
    },
  }
}

describe('a registry in trouble is asked again later', () => {
  it.each([
    [429, {}, 60_000],
    [429, { 'retry-after': '7' }, 7000],
    [429, { 'retry-after': 'soon' }, 60_000],
    [429, { 'retry-after': '999999999' }, 3_600_000],
    [500, {}, null],
    [502, {}, null],
    [503, { 'retry-after': '3' }, 3000],
    [408, {}, null],
    [425, {}, null],
  ])('status %d with %j: after %j ms', async (status, headers, retryAfterMs) => {
    says(status, headers)
    const trouble = await troubleOf(imageRegistryOf().find(image()))
    expect(trouble).toMatchObject({ retryAfterMs, message: expect.stringContaining(`${status}`) as string })
  })

  it('a date in Retry-After counts from the wall clock', async () => {
    says(429, { 'retry-after': new Date(Date.now() + 30_000).toUTCString() })
    const { retryAfterMs } = await troubleOf(imageRegistryOf().find(image()))
    expect(retryAfterMs).toBeGreaterThan(25_000)
    expect(retryAfterMs).toBeLessThanOrEqual(30_000)
  })

  it('while it asks to slow down, no other image is asked for; then all are', async () => {
    const clock = steeredClock()
    const images = imageRegistryOf({ clock })
    says(429, { 'retry-after': '20' })
    await troubleOf(images.find(image()))
    registry.instead = null
    const { retryAfterMs, message } = await troubleOf(images.find(`${registry.host}/other:v1`))
    expect(retryAfterMs).toBeGreaterThan(15_000)
    expect(message).toBe(`${registry.host} asked to slow down`)
    expect(registry.asked).toHaveLength(1)
    clock.pass(20_000)
    expect(await images.find(image())).toEqual({ kind: 'there', digest })
  })

  it.each([301, 302, 303, 307, 308])('a redirect (%d) is not followed', async (status) => {
    const elsewhere = await serve((_, response) => {
      visits += 1
      response.end()
    })
    let visits = 0
    says(status, { location: `${elsewhere.url}/v2/shop/manifests/v1` })
    expect((await troubleOf(imageRegistryOf().find(image()))).message).toContain('follows no redirect')
    expect(visits).toBe(0)
  })

  it.each([
    [200, { 'content-type': 'text/html' }],
    [200, {}],
    [200, { 'docker-content-digest': 'sha256:abc' }],
    [204, {}],
    [206, {}],
    [400, {}],
    [406, {}],
    [410, {}],
    [418, {}],
  ])('an odd answer: %d with %j', async (status, headers) => {
    says(status, headers)
    expect((await troubleOf(imageRegistryOf().find(image()))).message).toContain('odd answer')
  })

  it('a web server that knows no page is no registry without the image', async () => {
    says(404, { 'content-type': 'text/html' })
    const { message } = await troubleOf(imageRegistryOf().find(image()))
    expect(message).toBe(
      `${registry.host} does not speak as a registry (404 at /v2/): check the host of the image`,
    )
  })

  it('a registry that leaves out its version is one all the same', async () => {
    registry.instead = ({ url }, response) => {
      response.writeHead(url === '/v2/' ? 200 : 404).end()
      return true
    }
    expect(await imageRegistryOf().find(image())).toEqual({ kind: 'missing' })
  })

  it('one that says nothing is waited for ten seconds', async () => {
    registry.instead = () => true
    const clock = createVirtualClock()
    const trouble = await troubleOf(clock.until(imageRegistryOf({ clock }).find(image())))
    expect(trouble.message).toBe(`${registry.host} did not answer within 10 s`)
    expect(clock.monotonicMs()).toBe(10_000)
  })

  it('nobody there, and a cut connection', async () => {
    const cut = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(cut, 'listening')
    const host = `127.0.0.1:${(cut.address() as AddressInfo).port}`
    expect((await troubleOf(imageRegistryOf().find(`${host}/shop`))).message).toMatch(
      /^127\.0\.0\.1:\d+ did not answer \(\w+\)$/,
    )
    cut.close()
    await once(cut, 'close')
    expect((await troubleOf(imageRegistryOf().find(`${host}/shop`))).message).toBe(
      `${host} did not answer (ECONNREFUSED)`,
    )
  })
})

describe('registries differ', () => {
  it('one without HEAD is asked by GET, and its body stays unread', async () => {
    registry.instead = ({ method }, response) => {
      if (method === 'HEAD') response.writeHead(405).end()
      return method === 'HEAD'
    }
    expect(await imageRegistryOf().find(image())).toEqual({ kind: 'there', digest })
    expect(await imageRegistryOf().find(`${registry.host}/shop:v2`)).toEqual({ kind: 'missing' })
    expect(registry.asked.slice(0, 2)).toEqual([
      'HEAD /v2/shop/manifests/v1 nobody',
      'GET /v2/shop/manifests/v1 nobody',
    ])
    registry.instead = ({ method }, response) => {
      if (method === 'HEAD') response.writeHead(405).end()
      else {
        response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' })
        response.write('{')
      }
      return true
    }
    expect(await imageRegistryOf().find(image())).toEqual({ kind: 'there', digest: null })
  })

  it.each([
    ['sha256:ABC', null],
    [`sha256:${'a'.repeat(63)}`, null],
    [`sha512:${'a'.repeat(128)}`, null],
    [`sha256:${'a'.repeat(64)}`, `sha256:${'a'.repeat(64)}`],
  ])('the digest %s is taken as %s', async (said, expected) => {
    const type = 'application/vnd.docker.distribution.manifest.v2+json'
    says(200, { 'content-type': type, 'docker-content-digest': said })
    expect(await imageRegistryOf().find(image())).toEqual({ kind: 'there', digest: expected })
  })

  it('all four types of manifests are accepted', async () => {
    let accept = ''
    registry.instead = ({ headers }) => {
      accept = headers.accept ?? ''
      return false
    }
    await imageRegistryOf().find(image())
    expect(accept.split(', ')).toEqual([
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.docker.distribution.manifest.v2+json',
    ])
  })

  it.each([
    [401, {}],
    [403, {}],
    [401, { 'www-authenticate': 'Negotiate' }],
    [401, { 'www-authenticate': 'Bearer realm="https://r/t' }],
  ])('%d with %j cannot be looked behind, which is not missing', async (status, headers) => {
    says(status, headers)
    const reading = await imageRegistryOf().find(image())
    expect(reading).toMatchObject({ kind: 'forbidden', why: expect.stringContaining(image()) as string })
  })
})

describe('many who wait for one image', () => {
  it('share one look, also by another spelling, and its answer for two seconds', async () => {
    const clock = steeredClock()
    const images = imageRegistryOf({ clock })
    const latest = `${registry.host}/shop`
    const readings = await Promise.all(
      [image(), image(), latest, `${latest}:latest`].map((each) => images.find(each)),
    )
    expect(readings.map(({ kind }) => kind)).toEqual(['there', 'there', 'missing', 'missing'])
    expect(registry.asked).toHaveLength(2)
    clock.pass(1500)
    await images.find(image())
    expect(registry.asked).toHaveLength(2)
    clock.pass(1000)
    await images.find(image())
    expect(registry.asked).toHaveLength(3)
  })

  it('share an error, and the next who asks looks anew', async () => {
    const images = imageRegistryOf()
    says(500)
    await Promise.all([troubleOf(images.find(image())), troubleOf(images.find(image()))])
    expect(registry.asked).toHaveLength(1)
    registry.instead = null
    expect(await images.find(image())).toEqual({ kind: 'there', digest })
  })
})
