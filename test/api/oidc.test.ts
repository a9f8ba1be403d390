import { createHmac, createPublicKey } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { startHttpServer } from '../support/http-server.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { anApplication, type CallbackDoor, openCallback, told } from './callback-door.ts'

const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset
const keyed = { cloneUrl: '' }

describe('the token of a job', () => {
  it.each(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'PS256', 'EdDSA'])('is taken by %s', async (alg) => {
    const door = await openCallback()
    await door.issuer.addKey('other', { alg })
    const token = await door.issuer.token({}, { kid: 'other' })
    expect((await door.post(`Bearer ${token}`)).status).toBe(202)
    expect(door.queued).toEqual(['github:acme/shop#142'])
  })

  it.each(['PS384', 'PS512', 'ES512'])('is refused by %s, though its issuer uses it', async (alg) => {
    const door = await openCallback()
    await door.issuer.addKey('other', { alg })
    const token = await door.issuer.token({}, { kid: 'other' })
    expect(told(await door.post(`Bearer ${token}`))).toMatch(/^401 .*`alg`/)
  })

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['one of several audiences', { aud: ['other', 'mayfly'] }],
    ['a repository in another case', { repository: 'ACME/Shop' }],
    ['a number that is no text', { repository_id: 77 }],
    ['an end 50 s ago: clocks differ', { exp: seconds(-50) }],
    ['a beginning in 50 s', { nbf: seconds(50), iat: seconds(50) }],
    ['no `nbf`', { nbf: undefined }],
  ])('may have %s', async (_what, claims) => {
    const door = await openCallback()
    expect(told(await door.postJob(claims))).toBe('202')
  })

  it.each<readonly [Readonly<Record<string, unknown>>, string]>([
    [{ iss: 'https://token.actions.githubusercontent.com' }, '`iss`'],
    [{ iss: undefined }, 'JSON Web Token'],
    [{ aud: 'https://github.com/acme' }, '`aud`'],
    [{ aud: ['mayfly2', 'may'] }, '`aud`'],
    [{ aud: undefined }, '`aud`'],
    [{ exp: seconds(-70) }, '`exp`'],
    [{ exp: undefined }, '`exp`'],
    [{ nbf: seconds(90) }, '`nbf`'],
    [{ iat: seconds(90) }, '`iat`'],
    [{ iat: undefined }, '`iat`'],
    [{ repository: undefined }, '`repository`'],
    [{ repository: '' }, '`repository`'],
    [{ repository: ['acme/shop'] }, '`repository`'],
    [{ repository_id: undefined }, '`repository_id`'],
    [{ repository_id: { toString: 'x' } }, '`repository_id`'],
  ])('law 10: %j is refused naming the claim, never its value', async (claims, claim) => {
    const door = await openCallback()
    const token = await door.issuer.token(claims)
    const answer = await door.post(`Bearer ${token}`)
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(told(answer)).toContain(claim)
    expect(answer.text).not.toMatch(/acme|github\.com|mayfly2/)
    for (const part of token.split('.')) expect(door.log.text() + answer.text).not.toContain(part)
    expect(door.queued).toEqual([])
  })

  it.each<readonly [string, (door: CallbackDoor) => Promise<string>, string]>([
    ['none', (door) => unsigned(door, 'none'), '`alg`'],
    ['None', (door) => unsigned(door, 'None'), '`alg`'],
    ['HS256 by the public key', (door) => hmacByPublicKey(door), '`alg`'],
    ['RS256 over other claims', (door) => tampered(door), 'signature'],
    ['the key of somebody else by the same name', (door) => byImpostor(door), 'signature'],
    ['a key nobody knows', (door) => hiddenKey(door), '`kid`'],
    [
      'ES256 by an RSA key',
      (door) => door.issuer.token({}).then((token) => swapped(token, { alg: 'ES256', kid: 'first' })),
      '`kid`',
    ],
    [
      'a critical header',
      (door) =>
        door.issuer
          .token({})
          .then((token) => swapped(token, { alg: 'RS256', kid: 'first', crit: ['x'], x: 1 })),
      'token',
    ],
    ['its own key in the header', (door) => ownKey(door), '`kid`'],
    [
      'too few parts',
      (door) => door.issuer.token({}).then((token) => token.split('.').slice(0, 2).join('.')),
      'token',
    ],
    ['parts that are no JSON', () => Promise.resolve('e30.bm9wZQ.AAAA'), 'JSON Web Token'],
  ])('is refused when it is signed by %s', async (_what, make, word) => {
    const door = await openCallback()
    const answer = await door.post(`Bearer ${await make(door)}`)
    expect(told(answer)).toMatch(/^401 /)
    expect(told(answer)).toContain(word)
    expect(door.queued).toEqual([])
  })
})

describe('the repository of a job', () => {
  const other = { repository: 'acme/other', repository_id: '78' }

  it('must be that of the key: nobody learns what else is configured', async () => {
    const door = await openCallback()
    const foreign = told(await door.postJob(other))
    expect(foreign).toMatch(/^403 .*another repository/)
    expect(told(await door.postJob(other, 'github:nobody/nothing#1'))).toBe(foreign)
    expect(told(await door.postJob({}, 'lab:acme/shop#1'))).toBe(foreign)
    expect(told(await door.postJob(other, 'github:acme/other#1'))).toMatch(/^404 .*no application/)
    expect(door.queued).toEqual([])
  })

  it('law 3: is its number, once the forge has told that: a taken-over name gets nothing', async () => {
    const door = await openCallback()
    expect((await door.postJob({ repository_id: '1007' })).status).toBe(202)
    door.sources.learn(
      { forge: 'github', repository: 'acme/shop' },
      { ...keyed, id: '77', fullName: 'acme/shop' },
    )
    expect((await door.postJob({ repository_id: '1007' })).status).toBe(403)
    expect((await door.postJob()).status).toBe(202)
  })

  it('law 3: is the number in the configuration before anything was learnt', async () => {
    const door = await openCallback({ applications: [anApplication({ repositoryId: '77' })] })
    expect((await door.postJob({ repository_id: '1007' })).status).toBe(403)
    expect((await door.postJob()).status).toBe(202)
  })

  it('may be asked for by its new name after it was renamed, and by the old one', async () => {
    const door = await openCallback()
    const renamed = { repository: 'acme/store' }
    expect((await door.postJob(renamed, 'github:acme/store#5')).status).toBe(404)
    door.sources.learn(
      { forge: 'github', repository: 'acme/shop' },
      { ...keyed, id: '77', fullName: 'acme/store' },
    )
    for (const key of ['github:acme/store#5', 'github:acme/shop#5'])
      expect((await door.postJob(renamed, key)).status).toBe(202)
    expect((await door.postJob(renamed, 'github:acme/elsewhere#5')).status).toBe(403)
    expect(door.queued).toEqual(['github:acme/shop#5', 'github:acme/shop#5'])
  })

  it('of a GitLab has other claims, and an audience of its own', async () => {
    const applications = [
      anApplication({}),
      anApplication({ name: 'web', forge: 'lab', repository: 'acme/group/web' }),
    ]
    const door = await openCallback({ applications })
    const lab = {
      aud: 'mayfly-lab',
      project_path: 'acme/group/web',
      project_id: '20',
      repository: undefined,
      repository_id: undefined,
    }
    expect(told(await door.postJob(lab, 'lab:acme/group/web#3'))).toBe('202')
    expect(told(await door.postJob(lab, 'github:acme/shop#3'))).toMatch(/^403/)
    expect(told(await door.postJob({ ...lab, aud: 'mayfly' }, 'lab:acme/group/web#3'))).toMatch(
      /^401 .*`repository`/,
    )
    expect(told(await door.postJob({ ...lab, project_id: undefined }, 'lab:acme/group/web#3'))).toMatch(
      /^401 .*`project_id`/,
    )
    expect(door.queued).toEqual(['lab:acme/group/web#3'])
  })

  it('of a GitLab may be configured by its number', async () => {
    const door = await openCallback({ applications: [anApplication({ forge: 'lab', repository: '20' })] })
    const lab = { aud: 'mayfly-lab', project_path: 'acme/web', project_id: '20' }
    for (const key of ['lab:acme/web#3', 'lab:20#3']) expect((await door.postJob(lab, key)).status).toBe(202)
    expect((await door.postJob({ ...lab, project_id: '21' }, 'lab:20#3')).status).toBe(403)
    expect(door.queued).toEqual(['lab:20#3', 'lab:20#3'])
  })
})

describe('the keys of an issuer', () => {
  it('are read once, and again for a key that is not among them, but not more often than every 30 s', async () => {
    const clock = createVirtualClock()
    const door = await openCallback({ clock })
    const keyReads = () => door.issuer.asked.filter((path) => path === '/.well-known/jwks').length
    for (let time = 0; time < 3; time += 1) expect((await door.postJob()).status).toBe(202)
    expect(keyReads()).toBe(1)
    await door.issuer.addKey('second')
    const rotated = async () =>
      told(await door.post(`Bearer ${await door.issuer.token({}, { kid: 'second' })}`))
    expect(await rotated()).toMatch(/^401 .*`kid`/)
    expect(keyReads()).toBe(1)
    // Law 14: a wall clock that is set back does not hide it.
    clock.setBack(3_600_000)
    await clock.advance(30_000)
    expect(await rotated()).toBe('202')
    expect(keyReads()).toBe(2)
  })

  it('count for ten minutes after they were withdrawn, at most', async () => {
    const clock = createVirtualClock()
    const door = await openCallback({ clock })
    expect((await door.postJob()).status).toBe(202)
    door.issuer.shown.length = 0
    await door.issuer.addKey('second')
    await clock.advance(599_000)
    expect((await door.postJob()).status).toBe(202)
    await clock.advance(1_000)
    expect(told(await door.postJob())).toMatch(/^401 .*`kid`/)
  })

  it('are asked for together by all who come at once', async () => {
    const door = await openCallback()
    const answers = await Promise.all(Array.from({ length: 20 }, () => door.postJob()))
    expect(answers.every(({ status }) => status === 202)).toBe(true)
    expect(door.issuer.asked).toEqual(['/.well-known/openid-configuration', '/.well-known/jwks'])
  })

  it.each<readonly [string, (door: CallbackDoor) => void]>([
    ['answers with 503', (door) => (door.issuer.instead = (_, response) => response.writeHead(503).end())],
    ['cuts the connection', (door) => (door.issuer.instead = (request) => request.socket.destroy())],
    ['redirects', (door) => (door.issuer.instead = redirectTo(`${door.issuer.url}/.well-known/jwks`))],
    ['is no JSON', (door) => (door.issuer.instead = (_, response) => response.end('<html>'))],
    ['is odd', (door) => (door.issuer.instead = (_, response) => response.end('[]'))],
    ['never ends', (door) => (door.issuer.instead = endless)],
    ['calls itself otherwise', (door) => (door.issuer.calledItself = 'https://gitlab.com')],
    ['has its keys elsewhere', (door) => (door.issuer.keysAt = 'https://keys.example.com/jwks')],
    ['has its keys on another port', (door) => (door.issuer.keysAt = 'http://127.0.0.1:1/jwks')],
    ['has its keys in a file', (door) => (door.issuer.keysAt = 'file:///etc/keys')],
    ['has its keys nowhere', (door) => (door.issuer.keysAt = 'nowhere')],
    ['has no keys there', (door) => (door.issuer.keysAt = `${door.issuer.url}/nothing`)],
  ])('are not known when the issuer %s: come again', async (_what, spoil) => {
    const clock = createVirtualClock()
    const door = await openCallback({ clock })
    spoil(door)
    const answer = await door.postJob()
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '10'])
    expect(answer.text).not.toContain(door.issuer.url)
    const asked = door.issuer.asked.length
    expect((await door.postJob()).status).toBe(503)
    expect(door.issuer.asked).toHaveLength(asked)
    Object.assign(door.issuer, { instead: null, keysAt: null, calledItself: null })
    await clock.advance(5_000)
    expect((await door.postJob()).status).toBe(202)
  })

  it('are not known when the issuer does not answer within 5 s', async () => {
    const clock = createVirtualClock()
    const door = await openCallback({ clock })
    door.issuer.instead = () => undefined
    const pending = door.postJob()
    await expect.poll(() => door.issuer.asked.length).toBe(1)
    await clock.advance(5_000)
    expect((await pending).status).toBe(503)
  })

  it('are not fetched from another port, though they are there', async () => {
    const door = await openCallback()
    const asked: string[] = []
    const elsewhere = await startHttpServer((request, response) => {
      asked.push(request.url ?? '')
      response.end(JSON.stringify({ keys: door.issuer.shown }))
    })
    door.issuer.keysAt = `${elsewhere.url}/.well-known/jwks`
    expect((await door.postJob()).status).toBe(503)
    await elsewhere.close()
    expect(asked).toEqual([])
  })

  it('are not read beyond 256 KiB', async () => {
    const clock = createVirtualClock()
    const door = await openCallback({ clock })
    const document = { issuer: door.issuer.url, jwks_uri: `${door.issuer.url}/.well-known/jwks` }
    door.issuer.instead = (_, response) => {
      response.end(' '.repeat(256 * 1024) + JSON.stringify({ ...document, keys: door.issuer.shown }))
    }
    expect((await door.postJob()).status).toBe(503)
    door.issuer.instead = (_, response) => {
      response.end(' '.repeat(250 * 1024) + JSON.stringify({ ...document, keys: door.issuer.shown }))
    }
    await clock.advance(5_000)
    expect((await door.postJob()).status).toBe(202)
  })

  it('are never fetched from where a redirect leads', async () => {
    const trap: string[] = []
    const elsewhere = await startHttpServer((request, response) => {
      trap.push(request.url ?? '')
      response.end('{}')
    })
    const door = await openCallback()
    door.issuer.instead = redirectTo(elsewhere.url)
    expect((await door.postJob()).status).toBe(503)
    await elsewhere.close()
    expect(trap).toEqual([])
  })

  it('that jose cannot use are no reason to believe a token', async () => {
    const door = await openCallback()
    door.issuer.shown.splice(0, 1, { kty: 'RSA', kid: 'first', alg: 'RS256', n: 'AQAB', e: 'AQAB' })
    expect((await door.postJob()).status).toBe(401)
    expect(door.queued).toEqual([])
  })
})

function redirectTo(url: string) {
  return (_: IncomingMessage, response: ServerResponse) => response.writeHead(302, { location: url }).end()
}

function endless(_: IncomingMessage, response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/** The token with another header, its signature as it was. */
function swapped(token: string, header: object): string {
  return [encoded(header), ...token.split('.').slice(1)].join('.')
}

async function unsigned({ issuer }: CallbackDoor, alg: string): Promise<string> {
  const [, claims = ''] = (await issuer.token()).split('.')
  return `${encoded({ alg, kid: 'first' })}.${claims}.`
}

async function hmacByPublicKey({ issuer }: CallbackDoor): Promise<string> {
  const [, claims = ''] = (await issuer.token()).split('.')
  const key = createPublicKey({ key: issuer.shown[0] as Record<string, unknown>, format: 'jwk' })
  const text = `${encoded({ alg: 'HS256', kid: 'first' })}.${claims}`
  const pem = key.export({ type: 'spki', format: 'pem' })
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`
}

async function tampered({ issuer }: CallbackDoor): Promise<string> {
  const [head = '', claims = '', signature = ''] = (await issuer.token({ repository: 'acme/other' })).split(
    '.',
  )
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object
  return [head, encoded({ ...said, repository: 'acme/shop' }), signature].join('.')
}

/** Signed by a key of one's own that is called like the issuer's. */
async function byImpostor({ issuer }: CallbackDoor): Promise<string> {
  await issuer.addKey('mine', { hidden: true })
  return issuer.token({}, { kid: 'mine', header: { kid: 'first' } })
}

async function hiddenKey({ issuer }: CallbackDoor): Promise<string> {
  await issuer.addKey('hidden', { hidden: true })
  return issuer.token({}, { kid: 'hidden' })
}

async function ownKey({ issuer }: CallbackDoor): Promise<string> {
  await issuer.addKey('mine')
  const [jwk] = issuer.shown.splice(-1) as [JWK]
  return issuer.token({}, { kid: 'mine', header: { jwk } })
}
