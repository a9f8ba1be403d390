import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { type Clock, systemClock } from '../../src/pace/clock.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import type { ImageRegistryOptions } from '../../src/registry/create-image-registry.ts'
import type { ImageRegistry } from '../../src/registry/port.ts'
import { imageRegistryOf, wrongPassword } from '../contract/registry.ts'
import { startHttpServer } from '../support/http-server.ts'
import { pushImage } from '../support/push-image.ts'
import { pushTarget } from '../support/registry-harness.ts'
import { type StandInRegistry, startStandInRegistry } from '../support/stand-in-registry.ts'
import { basicHeader, registryUser, startTokenServer, type TokenServer } from '../support/token-server.ts'

type Credentials = ImageRegistryOptions['credentials']

let server: TokenServer
let registry: StandInRegistry
let realmHost = ''
let passed = 0
/** The test says how much time went by; pauses and deadlines are real. */
const clock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + passed }

beforeEach(async () => {
  server = await startTokenServer()
  realmHost = new URL(server.url).host
  registry = await startStandInRegistry({ kind: 'token', server })
  const target = pushTarget(registry.url, 'token', server)
  for (const repository of ['acme/shop', 'public/shop', 'hidden/shop'])
    await pushImage(target, repository, 'v1')
  registry.asked.length = 0
  server.asked.length = 0
  passed = 0
})
afterEach(async () => {
  await registry.close()
  await server.close()
})

function known(realms = [realmHost], password: string = registryUser.password): Credentials {
  return [{ host: registry.host, username: registryUser.username, password: secret(password), realms }]
}

const find = (images: ImageRegistry, repository = 'acme/shop', tag = 'v1') =>
  images.find(`${registry.host}/${repository}:${tag}`)
const who = () => server.asked.map((question) => question.who)

/** What this adapter says, or the error that it throws, in one text with all that hangs on it. */
async function saidBy(finding: Promise<unknown>): Promise<string> {
  const said: unknown = await finding.then(
    (reading) => reading,
    (error: unknown) => error,
  )
  return `${said instanceof Error ? said.message : ''} ${inspect(said, { depth: 9 })} ${JSON.stringify(said)}`
}

describe('a token', () => {
  it('is asked for as nobody first, then with the password, and for reading alone', async () => {
    registry.realm = `${server.url}/token?account=x&scope=repository:acme/shop:push,delete#there`
    await find(imageRegistryOf({ credentials: known() }))
    expect(server.asked).toEqual([
      { who: 'nobody', scope: 'repository:acme/shop:pull' },
      { who: 'user', scope: 'repository:acme/shop:pull' },
    ])
    expect(registry.asked).toEqual([
      'HEAD /v2/acme/shop/manifests/v1 nobody',
      'HEAD /v2/acme/shop/manifests/v1 Bearer',
      'HEAD /v2/acme/shop/manifests/v1 Bearer',
    ])
  })

  it('takes no password for what is public', async () => {
    expect(await find(imageRegistryOf({ credentials: known() }), 'public/shop')).toMatchObject({
      kind: 'there',
    })
    expect(who()).toEqual(['nobody'])
  })

  it('is kept as long as it lives, and whoever worked is asked as first', async () => {
    const images = imageRegistryOf({ credentials: known(), clock })
    for (const tag of ['v1', 'v2', 'v3']) await find(images, 'acme/shop', tag)
    expect(who()).toEqual(['nobody', 'user'])
    passed += 280_000
    await find(images, 'acme/shop', 'v4')
    expect(who()).toEqual(['nobody', 'user', 'user'])
    await find(images, 'public/shop')
    expect(who()).toHaveLength(4)
  })

  it.each([
    [null, 40_000, 70_000],
    [0, null, 1],
    [1_000_000, 3_000_000, 3_700_000],
  ])('whose life is %j s is kept after %j ms and not after %j ms', async (expiresIn, keptMs, gone) => {
    server.expiresIn = expiresIn
    const images = imageRegistryOf({ clock })
    await find(images, 'public/shop', 'v1')
    if (keptMs !== null) {
      passed = keptMs
      await find(images, 'public/shop', 'v2')
      expect(who()).toHaveLength(1)
    }
    passed = gone
    await find(images, 'public/shop', 'v3')
    expect(who()).toHaveLength(2)
  })

  it('that is refused though it should live is asked for anew, once', async () => {
    const images = imageRegistryOf({ credentials: known() })
    await find(images)
    server.withdraw()
    expect(await find(images, 'acme/shop', 'v2')).toEqual({ kind: 'missing' })
    expect(who()).toEqual(['nobody', 'user', 'user'])
    // Whatever is given is refused: it ends.
    registry.instead = (_, response) => {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${server.url}/token"` }).end()
      return true
    }
    server.asked.length = 0
    expect(await find(images, 'acme/shop', 'v3')).toMatchObject({ kind: 'forbidden' })
    expect(who()).toEqual(['user', 'nobody'])
  })

  it('may be called access_token', async () => {
    server.instead = (_, response) => response.end('{"access_token":"abc","expires_in":"odd"}')
    registry.instead = ({ headers }, response) => {
      if (headers.authorization !== 'Bearer abc') return false
      response.writeHead(404).end()
      return true
    }
    expect(await find(imageRegistryOf())).toEqual({ kind: 'missing' })
  })

  it.each<[string, string, TokenServer['instead']]>([
    ['HTML', 'odd answer', (_, response) => response.end('<html>')],
    ['nothing', 'odd answer', (_, response) => response.writeHead(204).end()],
    ['no token', 'odd answer', (_, response) => response.end('{}')],
    ['a number', 'odd answer', (_, response) => response.end('{"token":7}')],
    [
      'what no header can carry',
      'odd answer',
      (_, response) => response.end('{"token":"secret-token\\r\\nx: y"}'),
    ],
    ['too much', 'more than 65536 bytes', (_, response) => response.end(`{"token":"${'x'.repeat(70_000)}"}`)],
    [
      'more without an end',
      'more than 65536 bytes',
      (_, response) => {
        const more = setInterval(() => response.write('x'.repeat(10_000)), 1)
        response.on('close', () => clearInterval(more))
      },
    ],
    [
      'a redirect',
      'follows no redirect',
      (_, response) => response.writeHead(302, { location: 'https://elsewhere.test/' }).end(),
    ],
    ['404', 'odd answer', (_, response) => response.writeHead(404).end()],
    ['500', 'with 500', (_, response) => response.writeHead(500).end()],
    ['429', 'slow down', (_, response) => response.writeHead(429).end()],
  ])('%s in its place (%s): later again', async (_what, words, instead) => {
    server.instead = instead
    const finding = find(imageRegistryOf({ credentials: known() }))
    await expect(finding).rejects.toThrow(RetryLater)
    await expect(finding).rejects.toThrow(words)
    expect(await saidBy(finding)).not.toContain('secret-token')
  })
})

describe('a password', () => {
  it('goes to no realm on another host that the configuration does not name', async () => {
    const reading = await find(imageRegistryOf({ credentials: known([]) }))
    expect(reading).toMatchObject({
      kind: 'forbidden',
      why: expect.stringContaining(`sends to ${realmHost} for tokens`) as string,
    })
    expect(who()).toEqual(['nobody'])
  })

  it('goes to the realm on the host of the registry itself', async () => {
    const seen: string[] = []
    registry.realm = `${registry.url}/token`
    registry.instead = ({ url = '', headers }, response) => {
      if (!url.startsWith('/token')) return false
      seen.push(headers.authorization ?? 'nobody')
      response.writeHead(403).end()
      return true
    }
    expect((await find(imageRegistryOf({ credentials: known([]) }))).kind).toBe('forbidden')
    expect(seen).toEqual(['nobody', basicHeader(registryUser)])
  })

  it.each([
    ['http://elsewhere.test/token'],
    ['http://user:password@127.0.0.1/token'],
    ['ftp://127.0.0.1/token'],
    ['no address'],
    ['https://169.254.169.254/token'],
    ['https://metadata.test/token'],
  ])('and nobody goes to the realm %s', async (realm) => {
    registry.realm = realm
    const resolve = () => Promise.resolve([{ address: '169.254.169.254', family: 4 }])
    const reading = await find(imageRegistryOf({ credentials: known(), resolve }))
    expect(reading.kind).toBe('forbidden')
    expect(server.asked).toEqual([])
  })

  it('is not used for another registry or another port', async () => {
    const entries = ['ghcr.io', '127.0.0.1', `127.0.0.1:1`].map((host) => ({ ...known()[0], host }))
    const reading = await find(imageRegistryOf({ credentials: entries as Credentials }))
    expect(reading.kind).toBe('forbidden')
    expect(who()).toEqual(['nobody'])
  })

  it('of several entries each is tried, in their order', async () => {
    const credentials = [...known([realmHost], wrongPassword), ...known()]
    expect(await find(imageRegistryOf({ credentials }), 'hidden/shop')).toMatchObject({ kind: 'there' })
    expect(who()).toEqual(['nobody', 'stranger', 'user'])
  })

  it('is in no reading, no error, and nothing that hangs on them', async () => {
    const secrets = [
      registryUser.password,
      wrongPassword,
      basicHeader(registryUser).slice(6),
      registryUser.username,
    ]
    const faults: readonly TokenServer['instead'][] = [
      null,
      (_, response) => response.writeHead(401).end(),
      (request, response) => response.writeHead(500).end(request.headers.authorization),
      (request, response) => response.end(request.headers.authorization),
      (request, response) =>
        response.end(JSON.stringify({ token: `${request.headers.authorization ?? ''}\n` })),
      (_, response) => response.destroy(),
    ]
    for (const fault of faults) {
      for (const password of [registryUser.password, wrongPassword]) {
        server.instead = fault
        const said = await saidBy(find(imageRegistryOf({ credentials: known([realmHost], password) })))
        for (const word of secrets) expect(said).not.toContain(word)
      }
    }
  })
})

describe('what nobody is told', () => {
  /** To nobody it says 404 for what is private, as some registries are set up to. */
  function hidesByMissing(): void {
    server.instead = ({ headers }, response) => {
      const isUser = headers.authorization === basicHeader(registryUser)
      const isStranger = headers.authorization !== undefined && !isUser
      if (isStranger) response.writeHead(401).end()
      else response.end(JSON.stringify({ token: isUser ? 'of-the-user' : 'of-nobody' }))
    }
    registry.instead = ({ headers }, response) => {
      if (headers.authorization === undefined) return false
      const type = 'application/vnd.oci.image.manifest.v1+json'
      if (headers.authorization === 'Bearer of-the-user')
        response.writeHead(200, { 'content-type': type }).end()
      else response.writeHead(404).end()
      return true
    }
  }

  it('is looked for with the password too', async () => {
    hidesByMissing()
    expect(await find(imageRegistryOf({ credentials: known() }))).toEqual({ kind: 'there', digest: null })
    expect(await find(imageRegistryOf())).toEqual({ kind: 'missing' })
  })

  it('stays unknown where the password is refused', async () => {
    hidesByMissing()
    const reading = await find(imageRegistryOf({ credentials: known([realmHost], wrongPassword) }))
    expect(reading).toMatchObject({
      kind: 'forbidden',
      why: expect.stringContaining('says without a login that it is not') as string,
    })
  })
})

describe('a mounted docker config', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mayfly-docker-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('comes after the configuration, and is not missed for what is public', async () => {
    const dockerConfig = join(folder, 'config.json')
    expect(await find(imageRegistryOf({ dockerConfig }), 'public/shop')).toMatchObject({ kind: 'there' })
    expect(await find(imageRegistryOf({ dockerConfig }))).toMatchObject({
      kind: 'forbidden',
      why: expect.stringContaining('the docker config cannot be used: ENOENT') as string,
    })
    expect(await find(imageRegistryOf({ dockerConfig, credentials: known() }))).toMatchObject({
      kind: 'there',
    })
  })

  it('may be changed at any time', async () => {
    const dockerConfig = join(folder, 'config.json')
    registry.realm = `${registry.url}/token`
    registry.instead = ({ url = '', headers }, response) => {
      if (!url.startsWith('/token')) return false
      if (headers.authorization !== basicHeader(registryUser)) response.writeHead(401).end()
      else
        void fetch(`${server.url}${url}`, { headers: { authorization: headers.authorization } })
          .then((answer) => answer.text())
          .then((text) => response.end(text))
      return true
    }
    const images = imageRegistryOf({ dockerConfig, clock })
    for (const [password, kind] of [
      [wrongPassword, 'forbidden'],
      [registryUser.password, 'there'],
    ] as const) {
      const auth = basicHeader({ ...registryUser, password }).slice(6)
      await writeFile(dockerConfig, JSON.stringify({ auths: { [`http://${registry.host}`]: { auth } } }))
      expect((await find(images)).kind).toBe(kind)
      passed += 3000
    }
  })
})

it('a registry that was basic and asks for tokens tomorrow is answered as it asks', async () => {
  const basic = await startStandInRegistry({ kind: 'basic' })
  const other = await startHttpServer((_, response) => response.end())
  try {
    const entry = {
      host: basic.host,
      username: registryUser.username,
      password: secret(registryUser.password),
    }
    const images = imageRegistryOf({ credentials: [entry], clock })
    expect(await images.find(`${basic.host}/acme/shop`)).toEqual({ kind: 'missing' })
    expect(basic.asked).toEqual([
      'HEAD /v2/acme/shop/manifests/latest nobody',
      'HEAD /v2/acme/shop/manifests/latest Basic',
    ])
    basic.instead = (_, response) => {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${other.url}/steal"` }).end()
      return true
    }
    passed += 3000
    expect(await saidBy(images.find(`${basic.host}/acme/shop`))).not.toContain(registryUser.password)
  } finally {
    await basic.close()
    await other.close()
  }
})
