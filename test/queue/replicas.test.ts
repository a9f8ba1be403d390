import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createLooks, keyOf, settled } from '../support/reconciles.ts'
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
    await eventually(() => heard.text.includes('ready'), { withinMs: 18_000 })
    return {
      said: () => heard.text,
      kill: async () => {
        replica.kill('SIGKILL')
        await once(replica, 'exit')
      },
    }
  }

  /** Waits until the replicas have looked for lost looks so many times; a lock lives for three. */
  async function stalledChecks(times: number): Promise<void> {
    const seen = new Set<string>()
    await eventually(async () => {
      const check = await redis().client.get(`${queues().prefix}:looks:stalled-check`)
      return check !== null && seen.add(check).size > times
    })
  }

  it('law 2: the looks of a killed process are taken over, with their prompt, and no event is lost', async () => {
    const replica = await startReplica()
    const queue = await queues().queue({ concurrency: 5, timings: quickTimings })
    await queue.add(keyOf(1), 'sweep')
    await queue.add(keyOf(2), 'event')
    await eventually(() => replica.said().includes('#1 sweep') && replica.said().includes('#2 event'))
    const reconciles = createLooks()
    await queue.start(reconciles.reconcile)
    // An event for a key that a process holds which is about to die.
    await queue.add(keyOf(1), 'event')
    await replica.kill()
    await eventually(() => reconciles.running().length === 2)
    expect(reconciles.begun.map(({ key }) => key).toSorted()).toEqual([keyOf(1), keyOf(2)])
    expect(reconciles.begun.find(({ key }) => key === keyOf(2))?.prompt).toBe('event')
    reconciles.always(() => settled)
    await eventually(() => reconciles.begun.some(({ key, prompt }) => key === keyOf(1) && prompt === 'event'))
  })

  it('a look that outlives the lock and its renewals is not taken by another', async () => {
    const [one, other] = [
      await queues().queue({ timings: quickTimings }),
      await queues().queue({ timings: quickTimings }),
    ]
    const reconciles = createLooks()
    await one.start(reconciles.reconcile)
    await other.start(reconciles.reconcile)
    await one.add(keyOf(1), 'event')
    await eventually(() => reconciles.running().length === 1)
    await stalledChecks(8)
    await other.add(keyOf(1), 'event')
    expect(reconciles.begun).toHaveLength(1)
    reconciles.always(() => settled)
    await eventually(() => reconciles.begun.length === 2)
    expect(reconciles.mostAtOnce()).toBe(1)
  })

  it('after a FLUSHALL, the end of an old look does not cost a new one its lock', async () => {
    const one = await queues().queue({ concurrency: 2, timings: quickTimings })
    const other = await queues().queue({ timings: quickTimings })
    const [reconciles, otherLooks] = [createLooks(), createLooks()]
    await one.start(reconciles.reconcile)
    await one.add(keyOf(1), 'event')
    await eventually(() => reconciles.running().length === 1)
    await redis().client.flushall()
    await one.add(keyOf(2), 'event')
    await eventually(() => reconciles.running().length === 2)
    reconciles.begun[0]?.end(settled)
    await other.start(otherLooks.reconcile)
    await stalledChecks(8)
    expect(otherLooks.begun).toEqual([])
    reconciles.always(() => settled)
  })

  it('a stopping replica does not begin what comes now, another does', async () => {
    const one = await queues().queue({ concurrency: 2, timings: quickTimings })
    const other = await queues().queue({ timings: quickTimings })
    const [reconciles, otherLooks] = [createLooks(), createLooks()]
    await one.start(reconciles.reconcile)
    await one.add(keyOf(1), 'event')
    await eventually(() => reconciles.running().length === 1)
    const { client } = redis()
    await eventually(async () => (await client.info('clients')).includes('blocked_clients:1'))
    const stopped = one.stop(10_000)
    for (const number of [2, 3]) await other.add(keyOf(number), 'sweep')
    // The stopping one was waiting for the next key, takes it, and gives it back.
    await eventually(async () => {
      const [first = ''] = await client.zrange(`${queues().prefix}:looks:prioritized`, '0', '0')
      return (await client.hget(`${queues().prefix}:looks:${first}`, 'ats')) === '1'
    })
    await other.start(otherLooks.reconcile)
    await eventually(() => otherLooks.running().length === 1)
    otherLooks.always(() => settled)
    await eventually(() => otherLooks.begun.length === 2)
    expect(otherLooks.begun.map(({ key, prompt }) => [key, prompt])).toEqual(
      [2, 3].map((number) => [keyOf(number), 'sweep']),
    )
    expect(reconciles.begun).toHaveLength(1)
    reconciles.always(() => settled)
    await stopped
  })

  it('a stopped replica leaves what waits to the others at once, and what ran when its lock ends', async () => {
    const [one, other] = [
      await queues().queue({ timings: quickTimings }),
      await queues().queue({ timings: quickTimings }),
    ]
    const [reconciles, otherLooks] = [createLooks(), createLooks()]
    await one.start(reconciles.reconcile)
    for (const number of [1, 2]) await one.add(keyOf(number), 'event')
    await eventually(() => reconciles.running().length === 1)
    await one.stop(20)
    otherLooks.always(() => settled)
    await other.start(otherLooks.reconcile)
    await eventually(() => otherLooks.begun.length === 2)
    expect(otherLooks.begun.map(({ key }) => key)).toEqual([keyOf(2), keyOf(1)])
    expect(reconciles.begun).toHaveLength(1)
  })

  it('share the work', async () => {
    const reconciles = [createLooks(), createLooks()]
    for (const some of reconciles) await (await queues().queue({ concurrency: 2 })).start(some.reconcile)
    const queue = await queues().queue()
    for (const number of [1, 2, 3, 4]) await queue.add(keyOf(number), 'event')
    await eventually(() => reconciles.every((some) => some.running().length === 2))
    expect(await queue.state()).toMatchObject({ waiting: 0, active: 0, trouble: null })
  })
})
