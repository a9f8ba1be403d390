import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { createBullmqQueue } from '../../src/queue/bullmq.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { freePort } from '../support/free-port.ts'
import { createLooks, keyOf, settled, waiting } from '../support/reconciles.ts'
import { quickTimings } from '../support/redis-queues.ts'
import { withRedis } from '../support/with-redis.ts'
import { eventually } from '../support/eventually.ts'

const password = 'canary-4711/@%'
const withPassword = (port: number, word: string): string =>
  `redis://:${encodeURIComponent(word)}@127.0.0.1:${port}`

describe('a start without Redis', () => {
  it('says where nothing answers, and not the password', async () => {
    const port = await freePort()
    const error = await failure(withPassword(port, password))
    expect(error).toMatch(new RegExp(`^Redis at 127.0.0.1:${port} cannot be used \\(.*ECONNREFUSED.*\\)`))
    expect(error).not.toContain('canary')
  })

  it.each(['localhost:6379', 'http://u:canary@localhost', 'redis://', 'redis://:canary@ho st'])(
    'refuses %j as a URL without repeating it',
    async (url) => {
      const error = await failure(url)
      expect(error).toContain('queue.redis is not a Redis URL')
      expect(error).not.toContain('canary')
    },
  )
})

describe('a URL with a password that holds a bare %', () => {
  it('is refused with the remedy, without repeating it', async () => {
    const error = await failure('redis://:canary%zz@localhost:6379')
    expect(error).toContain('write % as %25')
    expect(error).not.toContain('canary')
  })
})

describe('a start on a Redis that may evict', () => {
  const { redis, queues } = withRedis({ 'maxmemory-policy': 'allkeys-lru' })

  it('is refused, with the policy and the remedy', async () => {
    await expect(queues().queue()).rejects.toThrow(
      new RegExp(
        `Redis at 127.0.0.1:${redis().port} has maxmemory-policy allkeys-lru .*Set it to noeviction`,
      ),
    )
    await redis().client.config('SET', 'maxmemory-policy', 'volatile-ttl')
    await expect(queues().queue()).rejects.toThrow('volatile-ttl')
    await redis().client.config('SET', 'maxmemory-policy', 'noeviction')
    await queues().queue()
    expect(queues().log.lines).toEqual([])
  })
})

describe('a start where CONFIG is forbidden', () => {
  const { redis, queues } = withRedis({ 'maxmemory-policy': 'allkeys-lfu' })

  it('asks INFO instead', async () => {
    await redis().client.acl('SETUSER', 'default', '-config')
    await expect(queues().queue()).rejects.toThrow('maxmemory-policy allkeys-lfu')
  })

  it('warns when INFO is forbidden too, and works', async () => {
    await redis().client.acl('SETUSER', 'default', '-config', '-info')
    const queue = await queues().queue()
    expect(queues().log.lines).toMatchObject([
      {
        level: 'warn',
        sentence: 'Redis may not be asked for its maxmemory-policy; make sure that it is noeviction',
      },
    ])
    const reconciles = createLooks()
    reconciles.always(() => settled)
    await queue.start(reconciles.reconcile)
    await queue.add(keyOf(1), 'event')
    await eventually(() => reconciles.begun.length === 1)
  })
})

describe('a Redis user with no more rights than docs/operations.md gives', () => {
  const { redis, queues } = withRedis()

  it('is enough', async () => {
    const documented = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
    const [, rights = ''] = /^ACL SETUSER mayfly on >secret (.+)$/m.exec(documented) ?? []
    const fitted = rights.replaceAll('~mayfly:', `~${queues().prefix}:`).split(' ')
    await redis().client.acl('SETUSER', 'mayfly', 'on', '>secret', ...fitted)
    const queue = await queues().queue({
      url: `redis://mayfly:secret@127.0.0.1:${redis().port}`,
      timings: quickTimings,
    })
    const reconciles = createLooks()
    for (const prompt of ['sweep', 'event'] as const) await queue.add(keyOf(1), prompt)
    await queue.start(reconciles.reconcile)
    await eventually(() => reconciles.running().length === 1)
    await queue.add(keyOf(1), 'event')
    reconciles.begun[0]?.fail()
    await eventually(() => reconciles.begun.length === 2)
    reconciles.begun[1]?.end(waiting(5))
    await eventually(() => reconciles.begun.length === 3)
    reconciles.always(() => settled)
    await eventually(async () => (await queue.state()).active === 0)
    await queue.stop(1_000)
    expect(queues().log.lines.map(({ sentence }) => sentence)).toEqual(['a look failed and comes back'])
  })
})

describe('a start where CONFIG is renamed', () => {
  const { queues } = withRedis({ 'maxmemory-policy': 'allkeys-random', 'rename-command': 'CONFIG hidden' })

  it('asks INFO instead', async () => {
    await expect(queues().queue()).rejects.toThrow('maxmemory-policy allkeys-random')
  })
})

describe('a Redis with a password', () => {
  const { redis, queues } = withRedis({ requirepass: password })

  it('law 10: is reached with it, and the password is in no log, error or key', async () => {
    const url = withPassword(redis().port, password)
    const queue = await queues().queue({ url: secret(url), timings: quickTimings })
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    await queue.add(keyOf(1), 'event')
    await eventually(() => reconciles.begun.length === 1)
    reconciles.begun[0]?.fail()
    await redis().kill()
    const refused = await queue.add(keyOf(2), 'event').then(String, inside)
    await eventually(() => queues().log.lines.some(({ sentence }) => sentence.startsWith('Redis is away')))
    const said = queues().log.text() + refused + inside(await queue.state())
    expect(said).toContain(`127.0.0.1:${redis().port}`)
    expect(said).not.toContain('canary')
    expect(said).not.toContain(encodeURIComponent(password))
  })

  it.each(['wrong-canary', ''])('refuses at once to start with the password %j', async (word) => {
    const error = await failure(withPassword(redis().port, word), { connectMs: 60_000 })
    expect(error).toMatch(/^Redis at 127.0.0.1:\d+ cannot be used \((WRONGPASS|NOAUTH)/)
    expect(error).not.toContain('canary')
  })
})

/** All that an error holds, as deep as it goes. */
async function failure(url: string, timings: Partial<typeof quickTimings> = {}): Promise<string> {
  const log = createCapturedLog()
  try {
    await createBullmqQueue({
      url: secret(url),
      prefix: 'test',
      concurrency: 1,
      random: Math.random,
      log,
      timings: { ...quickTimings, ...timings },
    })
  } catch (error) {
    expect(log.text()).not.toContain('canary')
    return `${(error as Error).message}\n${inside(error)}`
  }
  throw new Error('it started')
}

function inside(value: unknown): string {
  return inspect(value, { depth: null, showHidden: true })
}
