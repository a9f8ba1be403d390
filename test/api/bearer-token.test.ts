import { expect, it } from 'vitest'
import { secretsOf } from '../../src/wire/secrets.ts'
import { fileWith, load } from '../config/given.ts'
import { openDoor } from '../server/open-door.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { ask } from '../support/http-post.ts'
import { anApplication, openCallback, told, tokens } from './callback-door.ts'

it('law 1: both tokens that stand in the configuration bring the key, and only the key, into the queue', async () => {
  const door = await openCallback()
  for (const token of tokens) {
    const answer = await door.post(`Bearer ${token}`)
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      202,
      { status: 'taken', mergeRequest: 'github:acme/shop#142' },
    ])
  }
  expect(door.queued).toEqual(['github:acme/shop#142', 'github:acme/shop#142'])
})

it('law 10: both are known to the log as secrets', () => {
  const { config } = load(fileWith(['server', 'auth'], { tokens: [...tokens] }))
  const known = secretsOf(config, {}).map((one) => one.reveal())
  expect(known).toEqual(expect.arrayContaining([...tokens]))
})

it.each([
  ['nothing', null],
  ['an empty header', ''],
  ['another scheme', `Basic ${tokens[0]}`],
  ['no scheme', tokens[0]],
  ['two headers', [`Bearer ${tokens[0]}`, `Bearer ${tokens[0]}`]],
  ['a part of a token', `Bearer ${tokens[0].slice(0, -1)}`],
  ['more than a token', `Bearer ${tokens[0]}x`],
  ['two tokens', `Bearer ${tokens[0]} ${tokens[1]}`],
  ['another case', `Bearer ${tokens[0].toUpperCase()}`],
  ['an odd token', 'Bearer a.b.c'],
] as const)('law 10: %s is refused in constant words, and not repeated', async (_what, authorization) => {
  const door = await openCallback()
  const answer = await door.post(authorization)
  expect(answer.status).toBe(401)
  expect(answer.headers).toMatchObject({ 'www-authenticate': 'Bearer', 'cache-control': 'no-store' })
  expect(answer.text.toLowerCase()).not.toContain('canary')
  expect(door.log.text().toLowerCase()).not.toContain('canary')
  expect(door.queued).toEqual([])
})

it('is told what to write for a key that is none, and only once it is known who asks', async () => {
  const door = await openCallback()
  for (const key of [
    'x',
    'github:acme/shop',
    'github:acme/shop#0',
    'github:acme/shop#1 ',
    '__proto__',
    '#1',
  ]) {
    expect(told(await door.post(`Bearer ${tokens[0]}`, key))).toMatch(/^400 .*github%3Aacme%2Fshop%23142/)
    expect((await door.post(null, key)).status).toBe(401)
  }
  expect((await ask(`${door.url}/api/merge-requests/%zz/reconcile`, { method: 'POST' })).status).toBe(400)
})

it('knows a repository in any case, and queues it as the configuration writes it', async () => {
  const door = await openCallback({ applications: [anApplication({ repository: 'Acme/Shop' })] })
  expect((await door.post(`Bearer ${tokens[0]}`, 'github:acme/SHOP#7')).status).toBe(202)
  expect(door.queued).toEqual(['github:Acme/Shop#7'])
  for (const key of ['github:acme/other#7', 'gitlab:acme/shop#7', 'github:__proto__#7'])
    expect(told(await door.post(`Bearer ${tokens[0]}`, key))).toMatch(/^404 .*no application/)
})

it('tells to come again when the queue does not take the key', async () => {
  const away = await openCallback({ enqueue: () => Promise.reject(new Error('Redis is away')) })
  const answer = await away.post(`Bearer ${tokens[0]}`)
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '10'])
  const clock = createVirtualClock()
  const hanging: string[] = []
  const enqueue = (key: string) => {
    hanging.push(key)
    return new Promise<void>(() => undefined)
  }
  const hangs = await openCallback({ clock, enqueue })
  const pending = hangs.post(`Bearer ${tokens[0]}`)
  await expect.poll(() => hanging).toHaveLength(1)
  await clock.advance(5_000)
  expect((await pending).status).toBe(503)
})

it('refuses an address after too many wrong tokens, and takes a right one from it all the same', async () => {
  const door = await openCallback({ failuresPerMinute: 3 })
  const statuses: number[] = []
  for (const number of [1, 2, 3, 4, 5])
    statuses.push((await door.post('Bearer wrong', `github:acme/shop#${number}`)).status)
  expect(statuses).toEqual([401, 401, 401, 429, 429])
  expect((await door.post(`Bearer ${tokens[0]}`)).status).toBe(202)
})

it('is not there unless it is configured, nor by another method', async () => {
  const path = '/api/merge-requests/github%3Aacme%2Fshop%23142/reconcile'
  const closed = await openDoor()
  const unknown = await ask(`${closed.url}/api/nothing`, { method: 'POST' })
  const answer = await ask(closed.url + path, { method: 'POST' })
  expect([answer.status, answer.text]).toEqual([404, unknown.text])
  const door = await openCallback()
  for (const method of ['GET', 'PUT', 'DELETE'])
    expect((await ask(door.url + path, { method })).status).toBe(404)
})
