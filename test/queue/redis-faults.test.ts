import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { RetryLater } from '../../src/preview/errors.ts'
import type { MergeRequestKey } from '../../src/preview/key.ts'
import type { Queue } from '../../src/queue/port.ts'
import { eventually } from '../support/eventually.ts'
import { createLooks, keyOf, settled } from '../support/reconciles.ts'
import { quickTimings } from '../support/redis-queues.ts'
import { withRedis } from '../support/with-redis.ts'

/** As the forge and the sweep do: what was not taken is brought again. */
async function addUntilTaken(queue: Queue, key: MergeRequestKey): Promise<void> {
  await eventually(() => queue.add(key, 'event'), { withinMs: 15_000 })
}

describe('a Redis with an append-only file', () => {
  const { redis, queues } = withRedis({ appendonly: 'yes', appendfsync: 'always' })

  it('law 2: killed and restarted again and again, loses no key that was taken', {
    timeout: 60_000,
  }, async () => {
    // The worker itself must come back, without the help of the watch that replaces it.
    const timings = { ...quickTimings, stuckAfterMs: 600_000 }
    const queue = await queues().queue({ concurrency: 3, timings })
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    const taken = new Set<MergeRequestKey>()
    for (let round = 0; round < 5; round += 1) {
      const numbers = Array.from({ length: 20 }, (_, index) => keyOf(round * 20 + index + 1))
      const adds = numbers.map(async (key) => {
        await queue.add(key, 'event')
        taken.add(key)
      })
      // In the midst of adds and looks; in the first round the looks under way end while Redis is away.
      if (round % 2 === 0) await Promise.race(adds)
      else await Promise.allSettled(adds)
      await redis().kill()
      for (const reconcile of reconciles.running())
        if (round % 3 === 0) reconcile.end(settled)
        else reconcile.fail()
      await Promise.allSettled(adds)
      await expect(queue.add(keyOf(1_000), 'event')).rejects.toThrow(RetryLater)
      expect((await queue.state()).trouble).toBe(`Redis at 127.0.0.1:${redis().port} does not answer`)
      await redis().restart()
      await eventually(async () => (await queue.state()).trouble === null)
    }
    reconciles.always(() => settled)
    await addUntilTaken(queue, keyOf(1_000))
    taken.add(keyOf(1_000))
    await eventually(
      () => [...taken].every((key) => reconciles.begun.some((reconcile) => reconcile.key === key)),
      {
        withinMs: 30_000,
      },
    )
    await eventually(async () => (await redis().client.llen(`${queues().prefix}:looks:active`)) === 0)
    expect(reconciles.mostAtOnce()).toBe(1)
    expect(queues().log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('a Redis that forgets', () => {
  const { redis, queues } = withRedis()

  it.each(['FLUSHALL', 'a restart without a file'])(
    'law 2: after %s, works on at once with what is added, and runs no key twice at once',
    async (loss) => {
      const queue = await queues().queue({ concurrency: 3, timings: quickTimings })
      const reconciles = createLooks()
      await queue.start(reconciles.reconcile)
      for (const number of [1, 2]) await queue.add(keyOf(number), 'event')
      await eventually(() => reconciles.running().length === 2)
      if (loss === 'FLUSHALL') await redis().client.flushall()
      else await redis().restart()
      for (const number of [1, 2, 3]) await addUntilTaken(queue, keyOf(number))
      await eventually(() => reconciles.begun.length === 3)
      expect(reconciles.running().map(({ key }) => key)).toEqual([keyOf(1), keyOf(2), keyOf(3)])
      reconciles.begun[0]?.end(settled)
      reconciles.begun[1]?.fail()
      await eventually(() => reconciles.begun.length === 5)
      reconciles.always(() => settled)
      await eventually(async () => {
        expect(await queue.state()).toEqual({
          waiting: 0,
          active: 0,
          delayed: 0,
          oldestWaitingMs: 0,
          trouble: null,
        })
      })
      expect(reconciles.mostAtOnce()).toBe(1)
      await addUntilTaken(queue, keyOf(1))
      await eventually(() => reconciles.begun.at(-1)?.key === keyOf(1))
    },
  )
})

describe('a Redis that does not answer', () => {
  const { redis, queues } = withRedis()

  it('makes adds fail in time, and is used again when it answers', async () => {
    const queue = await queues().queue({ timings: quickTimings })
    const reconciles = createLooks()
    reconciles.always(() => settled)
    await queue.start(reconciles.reconcile)
    redis().freeze()
    await expect(queue.add(keyOf(1), 'event')).rejects.toThrow(RetryLater)
    expect((await queue.state()).trouble).toContain('does not answer')
    redis().thaw()
    await addUntilTaken(queue, keyOf(2))
    await eventually(() => reconciles.begun.some(({ key }) => key === keyOf(2)))
    expect((await queue.state()).trouble).toBeNull()
  })

  it('paused for longer than the locks live, starts no second look here', async () => {
    const queue = await queues().queue({ concurrency: 2, timings: quickTimings })
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    await queue.add(keyOf(1), 'event')
    await eventually(() => reconciles.running().length === 1)
    await redis().client.client('PAUSE', 3 * quickTimings.lockMs)
    await expect(queue.add(keyOf(1), 'event')).rejects.toThrow(RetryLater)
    await addUntilTaken(queue, keyOf(2))
    await eventually(() => reconciles.begun.some(({ key }) => key === keyOf(2)))
    reconciles.always(() => settled)
    await addUntilTaken(queue, keyOf(1))
    await eventually(() => reconciles.begun.filter(({ key }) => key === keyOf(1)).length >= 2)
    expect(reconciles.mostAtOnce()).toBe(1)
  })

  it.each(['frozen', 'killed'])('stops in time though Redis is %s', async (fault) => {
    const queue = await queues().queue({ timings: quickTimings })
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    await queue.add(keyOf(1), 'event')
    await eventually(() => reconciles.running().length === 1)
    if (fault === 'frozen') redis().freeze()
    else await redis().kill()
    reconciles.always(() => settled)
    await queue.stop(100)
    redis().thaw()
  })
})

describe.each([
  ['has no memory', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], /OOM/],
  [
    'refuses scripts',
    ['ACL', 'SETUSER', 'default', '-@scripting'],
    ['ACL', 'SETUSER', 'default', '+@scripting'],
    /NOPERM/,
  ],
] as const)('a Redis that %s', (_fault, harm, mend, told) => {
  const { redis, queues } = withRedis()

  it('makes adds fail, is asked calmly, and is used again when it is mended', async () => {
    const queue = await queues().queue({ timings: quickTimings })
    const reconciles = createLooks()
    for (const number of [1, 2, 3]) await queue.add(keyOf(number), 'sweep')
    const { client } = redis()
    await client.call(harm[0], ...harm.slice(1))
    await queue.start(reconciles.reconcile)
    reconciles.always(() => settled)
    await expect(queue.add(keyOf(4), 'event')).rejects.toThrow(told)
    const before = await commandsOf(client)
    await delay(300)
    // Some ten; without a pause it is thousands.
    expect((await commandsOf(client)) - before).toBeLessThan(200)
    await client.call(mend[0], ...mend.slice(1))
    await addUntilTaken(queue, keyOf(4))
    await eventually(() => new Set(reconciles.begun.map(({ key }) => key)).size === 4)
    expect(queues().log.lines.length).toBeLessThan(30)
  })
})

async function commandsOf(client: { info(section: string): Promise<string> }): Promise<number> {
  return Number(/^total_commands_processed:(\d+)/m.exec(await client.info('stats'))?.[1])
}
