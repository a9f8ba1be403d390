import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createLooks, keyOf, settled } from '../support/looks.ts'
import { quickTimings } from '../support/redis-queues.ts'
import { withRedis } from '../support/with-redis.ts'

describe('replicas on one Redis', () => {
  const { redis, queues } = withRedis()
  const processes: ChildProcess[] = []

  afterEach(() => {
    for (const process of processes.splice(0)) process.kill('SIGKILL')
  })

  async function startReplica(): Promise<{
    readonly kill: () => Promise<void>
    readonly said: () => string
  }> {
    const file = `${import.meta.dirname}/replica.ts`
    const replica = spawn(process.execPath, [file, redis().url, queues().prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    processes.push(replica)
    const heard = { text: '' }
    replica.stdout.on('data', (chunk: Buffer) => {
      heard.text += chunk.toString()
    })
    await eventually(() => heard.text.includes('ready'))
    return {
      said: () => heard.text,
      kill: async () => {
        replica.kill('SIGKILL')
        await once(replica, 'exit')
      },
    }
  }

  it('law 2: the looks of a killed process are taken over, with their prompt, and no event is lost', async () => {
    const replica = await startReplica()
    const queue = await queues().queue({ concurrency: 5, timings: quickTimings })
    await queue.add(keyOf(1), 'sweep')
    await queue.add(keyOf(2), 'event')
    await eventually(() => replica.said().includes('#1 sweep') && replica.said().includes('#2 event'))
    const looks = createLooks()
    await queue.start(looks.look)
    // An event for a key that a process holds which is about to die.
    await queue.add(keyOf(1), 'event')
    await replica.kill()
    await eventually(() => looks.running().length === 2)
    expect(looks.begun.map(({ key }) => key).toSorted()).toEqual([keyOf(1), keyOf(2)])
    expect(looks.begun.find(({ key }) => key === keyOf(2))?.prompt).toBe('event')
    looks.always(() => settled)
    await eventually(() => looks.begun.some(({ key, prompt }) => key === keyOf(1) && prompt === 'event'))
  })

  it('a look that outlives the lock and its renewals is not taken by another', async () => {
    const [one, other] = [
      await queues().queue({ timings: quickTimings }),
      await queues().queue({ timings: quickTimings }),
    ]
    const looks = createLooks()
    await one.start(looks.look)
    await other.start(looks.look)
    await one.add(keyOf(1), 'event')
    await eventually(() => looks.running().length === 1)
    const checks = `${queues().prefix}:looks:stalled-check`
    const seen = new Set<string | null>()
    await eventually(async () => seen.add(await redis().client.get(checks)).size > 8)
    await other.add(keyOf(1), 'event')
    expect(looks.begun).toHaveLength(1)
    looks.always(() => settled)
    await eventually(() => looks.begun.length === 2)
    expect(looks.mostAtOnce()).toBe(1)
  })

  it('a stopped replica leaves what waits to the others at once, and what ran when its lock ends', async () => {
    const [one, other] = [
      await queues().queue({ timings: quickTimings }),
      await queues().queue({ timings: quickTimings }),
    ]
    const [looks, otherLooks] = [createLooks(), createLooks()]
    await one.start(looks.look)
    for (const number of [1, 2]) await one.add(keyOf(number), 'event')
    await eventually(() => looks.running().length === 1)
    await one.stop(20)
    otherLooks.always(() => settled)
    await other.start(otherLooks.look)
    await eventually(() => otherLooks.begun.length === 2)
    expect(otherLooks.begun.map(({ key }) => key)).toEqual([keyOf(2), keyOf(1)])
    expect(looks.begun).toHaveLength(1)
  })

  it('share the work', async () => {
    const looks = [createLooks(), createLooks()]
    for (const some of looks) await (await queues().queue({ concurrency: 2 })).start(some.look)
    const queue = await queues().queue()
    for (const number of [1, 2, 3, 4]) await queue.add(keyOf(number), 'event')
    await eventually(() => looks.every((some) => some.running().length === 2))
    expect(await queue.state()).toMatchObject({ waiting: 0, active: 0, trouble: null })
  })
})
