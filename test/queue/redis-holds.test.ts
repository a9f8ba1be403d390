import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { RetryLater } from '../../src/preview/errors.ts'
import { eventually } from '../support/eventually.ts'
import { type Begun, createLooks, keyOf, settled, waiting } from '../support/reconciles.ts'
import type { TestRedis } from '../support/redis.ts'
import { createRedisQueues, quickTimings } from '../support/redis-queues.ts'
import { withRedis } from '../support/with-redis.ts'

describe('what Redis holds', () => {
  const { redis, queues } = withRedis()

  it('law 1: of a job, only the key; law 10: nothing that an error said', async () => {
    const queue = await queues().queue({ concurrency: 4, backoff: () => 60_000 })
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    for (const number of [1, 2, 3, 4]) await queue.add(keyOf(number), number % 2 === 0 ? 'event' : 'sweep')
    await eventually(() => reconciles.running().length === 4)
    await queue.add(keyOf(4), 'event')
    const lookAt = (number: number): Begun | undefined =>
      reconciles.running().find(({ key }) => key === keyOf(number))
    lookAt(1)?.fail(new Error('canary in a message', { cause: new Error('canary in a cause') }))
    lookAt(2)?.fail(new RetryLater('canary too'))
    lookAt(3)?.end(waiting(60_000))
    await eventually(async () => (await queue.state()).delayed === 3)
    await queue.add(keyOf(5), 'sweep')
    await eventually(() => reconciles.running().length === 2)
    const held = await everything(redis(), queues().prefix)
    const data = held.filter(([name]) => name.endsWith(' data')).map(([, value]) => value)
    expect(data.toSorted()).toEqual(
      [1, 2, 3, 4, 4, 5].map((number) => JSON.stringify({ key: keyOf(number) })),
    )
    expect(held.map(([, value]) => value).join('\n')).not.toContain('canary')
    const elsewhere = held.filter(([name, value]) => !name.endsWith(' data') && value.includes('acme'))
    expect(elsewhere).toEqual([])
  })

  it('says of a hint that another replica keeps its key for itself: it was not taken', async () => {
    const [queue, other] = [await queues().queue(), await queues().queue({ timings: quickTimings })]
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    await queue.add(keyOf(1), 'event')
    await eventually(() => reconciles.running().length === 1)
    await expect(other.add(keyOf(1), 'hint')).rejects.toThrow(RetryLater)
    reconciles.running()[0]?.end(settled)
    await eventually(async () => (await queue.state()).active === 0)
    await other.add(keyOf(1), 'hint')
    await eventually(() => reconciles.begun.length === 2)
  })

  it('stays bounded: nothing of ten times a hundred looks is left', async () => {
    const queue = await queues().queue({ concurrency: 8 })
    const reconciles = createLooks()
    reconciles.always(() => settled)
    await queue.start(reconciles.reconcile)
    for (let round = 1; round <= 10; round += 1) {
      const numbers = Array.from({ length: 100 }, (_, index) => index + 1)
      await Promise.all(numbers.map((number) => queue.add(keyOf(number), 'event')))
      await eventually(() => reconciles.begun.length === round * 100)
    }
    await eventually(async () => (await redis().client.keys(`${queues().prefix}:*`)).length <= 6)
    expect(await redis().client.xlen(`${queues().prefix}:looks:events`)).toBeLessThan(400)
  })

  it('keeps two prefixes apart', async () => {
    const others = createRedisQueues(redis())
    const [queue, other] = [await queues().queue(), await others.queue()]
    const [reconciles, otherLooks] = [createLooks(), createLooks()]
    await queue.start(reconciles.reconcile)
    await other.start(otherLooks.reconcile)
    await queue.add(keyOf(1), 'event')
    await eventually(() => reconciles.running().length === 1)
    await other.add(keyOf(1), 'event')
    await eventually(() => otherLooks.running().length === 1)
    expect(await redis().client.keys('*')).toSatisfy((names: string[]) =>
      names.every((name) => name.startsWith(`${queues().prefix}:`) || name.startsWith(`${others.prefix}:`)),
    )
    await others.close()
  })

  it('drops hostile jobs with a warning and goes on', async () => {
    const queue = await queues().queue({ timings: quickTimings, concurrency: 2 })
    const hostile = [
      '{"key":"github:acme/shop"}',
      '{"key":"../../etc/passwd"}',
      '{"key":{"$ne":1}}',
      '{"key":["github:acme/shop#1"]}',
      `{"key":"github:${'a'.repeat(100_000)}#1"}`,
      '{"__proto__":{"key":"github:acme/shop#1"}}',
      '{}',
      'null',
      '[]',
      '"github:acme/shop#1"',
      'no json at all {',
      '',
    ]
    for (const [index, data] of hostile.entries())
      await plant(redis(), queues().prefix, `hostile-${index}`, data)
    // An id without any job behind it.
    await redis().client.lpush(`${queues().prefix}:looks:wait`, 'nobody')
    const reconciles = createLooks()
    reconciles.always(() => settled)
    await queue.start(reconciles.reconcile)
    await queue.add(keyOf(7), 'event')
    await eventually(() => reconciles.begun.length === 1)
    await eventually(
      async () => (await redis().client.keys(`${queues().prefix}:looks:hostile-*`)).length === 0,
    )
    await eventually(() => {
      const dropped = queues().log.lines.filter(({ sentence }) => sentence.startsWith('dropped a job'))
      expect(dropped).toHaveLength(hostile.length + 1)
    })
    expect(reconciles.begun.map(({ key }) => key)).toEqual([keyOf(7)])
    expect(await queue.state()).toMatchObject({ waiting: 0, active: 0 })
  })

  it('says in words when work waits and nothing moves, and begins anew', async () => {
    const queue = await queues().queue({ timings: quickTimings })
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    // As an operator's other tool would pause the queue.
    await redis().client.hset(`${queues().prefix}:looks:meta`, 'paused', 1)
    await queue.add(keyOf(1), 'event')
    expect((await queue.state()).trouble).toBeNull()
    await eventually(
      async () => (await queue.state()).trouble?.startsWith('1 merge request(s) wait') === true,
    )
    // In case that it is the worker that stands still.
    await eventually(() =>
      queues().log.lines.some(({ sentence }) => sentence.endsWith('its worker is replaced')),
    )
    await redis().client.hdel(`${queues().prefix}:looks:meta`, 'paused')
    await redis().client.zadd(`${queues().prefix}:looks:marker`, 0, '0')
    await eventually(() => reconciles.begun.length === 1)
    // A busy worker is not stuck, however long the others wait.
    await queue.add(keyOf(2), 'event')
    await delay(quickTimings.stuckAfterMs + 50)
    expect(await queue.state()).toMatchObject({ waiting: 1, active: 1, trouble: null })
  })
})

async function plant(redis: TestRedis, prefix: string, id: string, data: string): Promise<void> {
  await redis.client.hset(`${prefix}:looks:${id}`, {
    name: 'look',
    data,
    opts: '{}',
    timestamp: '1',
    priority: '0',
  })
  await redis.client.lpush(`${prefix}:looks:wait`, id)
}

/** Every value below `prefix`, with its key and field, as strings. */
async function everything(redis: TestRedis, prefix: string): Promise<readonly (readonly [string, string])[]> {
  const held: (readonly [string, string])[] = []
  for (const key of await redis.client.keys(`${prefix}:*`)) held.push(...(await valuesOf(redis, key)))
  return held
}

async function valuesOf({ client }: TestRedis, key: string): Promise<readonly (readonly [string, string])[]> {
  const type = await client.type(key)
  switch (type) {
    case 'string':
      return [[key, (await client.get(key)) ?? '']]
    case 'hash':
      return Object.entries(await client.hgetall(key)).map(([field, value]) => [`${key} ${field}`, value])
    case 'list':
      return (await client.lrange(key, 0, -1)).map((value) => [key, value])
    case 'set':
      return (await client.smembers(key)).map((value) => [key, value])
    case 'zset':
      return (await client.zrange(key, '0', '-1')).map((value) => [key, value])
    case 'stream':
      return (await client.xrange(key, '-', '+')).flatMap(([, fields]) =>
        fields.map((field) => [key, field] as const),
      )
    case 'none':
      return []
    default:
      throw new Error(`${key} is a ${type}`)
  }
}
