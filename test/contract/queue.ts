import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RetryLater } from '../../src/preview/errors.ts'
import type { MergeRequestKey } from '../../src/preview/key.ts'
import type { Backoff } from '../../src/pace/backoff.ts'
import type { Queue } from '../../src/queue/port.ts'
import { eventually } from '../support/eventually.ts'
import { createLooks, keyOf, type Reconciles, settled, waiting } from '../support/reconciles.ts'

export interface QueueStore {
  /** A queue on this store; closed with it. */
  queue(options: { readonly concurrency: number; readonly backoff: Backoff }): Promise<Queue>
  close(): Promise<void>
}

const hourMs = 3_600_000

/** What every queue does, as the port says. `open` gives an empty store; `skip` is why it cannot. */
export function queueContract(
  name: string,
  open: () => Promise<QueueStore>,
  skip: string | null = null,
): void {
  describe(`${name} keeps the queue's contract`, () => {
    const test: { store: QueueStore | null; reconciles: Reconciles } = {
      store: null,
      reconciles: createLooks(),
    }

    beforeEach(async (context) => {
      context.skip(skip !== null, skip ?? '')
      test.reconciles = createLooks()
      test.store = await open()
    })
    afterEach(async () => {
      test.reconciles.always(() => settled)
      await test.store?.close()
    })

    async function makeQueue(options: { concurrency?: number; backoff?: Backoff } = {}): Promise<Queue> {
      const { concurrency = 1, backoff = () => hourMs } = options
      if (test.store === null) throw new Error('the store is not open')
      return await test.store.queue({ concurrency, backoff })
    }

    async function beganAs(count: number): Promise<readonly string[]> {
      await eventually(() => test.reconciles.begun.length >= count)
      return test.reconciles.begun.map(({ key, prompt }) => `${key.split('#')[1] ?? ''} ${prompt}`)
    }

    /** For what must not happen: time enough for a mistake to show. */
    async function nothingMore(queue: Queue, count: number): Promise<void> {
      await eventually(async () => (await queue.state()).active === test.reconciles.running().length)
      await delay(50)
      expect(test.reconciles.begun).toHaveLength(count)
    }

    /** Asked thrice: a key on its way from the store to its look is in no state for a moment. */
    async function idle(queue: Queue): Promise<void> {
      for (let time = 0; time < 3; time += 1) {
        await eventually(async () => {
          const { waiting: ready, active, delayed } = await queue.state()
          return ready + active + delayed === 0
        })
      }
    }

    async function delayedIs(queue: Queue, count: number): Promise<void> {
      await eventually(async () => (await queue.state()).delayed === count)
    }

    it('looks at an added key, with its prompt', async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      test.reconciles.always(() => settled)
      await queue.add(keyOf(1), 'event')
      await beganAs(1)
      await queue.add(keyOf(2), 'sweep')
      expect(await beganAs(2)).toEqual(['1 event', '2 sweep'])
      await idle(queue)
    })

    it('looks once at a key that was added many times', async () => {
      const queue = await makeQueue()
      for (let time = 0; time < 5; time += 1) await queue.add(keyOf(1), time % 2 === 0 ? 'event' : 'sweep')
      expect(await queue.state()).toMatchObject({ waiting: 1, active: 0, delayed: 0, trouble: null })
      test.reconciles.always(() => settled)
      await queue.start(test.reconciles.reconcile)
      await idle(queue)
      expect(await beganAs(1)).toEqual(['1 event'])
    })

    it('law 5: an event overtakes all that the sweep added, its own key too', async () => {
      const queue = await makeQueue()
      for (const number of [1, 2, 3, 4]) await queue.add(keyOf(number), 'sweep')
      for (const number of [5, 3, 6]) await queue.add(keyOf(number), 'event')
      // Nobody loses the place by asking once more, and a sweep lowers nobody.
      for (const number of [5, 3]) await queue.add(keyOf(number), 'event')
      for (const number of [5, 3, 1]) await queue.add(keyOf(number), 'sweep')
      test.reconciles.always(() => settled)
      await queue.start(test.reconciles.reconcile)
      await idle(queue)
      expect(await beganAs(6)).toEqual(['5 event', '3 event', '6 event', '1 sweep', '2 sweep', '4 sweep'])
    })

    it('law 5: events during a look bring exactly one more look, after it', async () => {
      const queue = await makeQueue({ concurrency: 4 })
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'sweep')
      await beganAs(1)
      for (let time = 0; time < 3; time += 1) await queue.add(keyOf(1), 'event')
      await queue.add(keyOf(1), 'sweep')
      await nothingMore(queue, 1)
      test.reconciles.begun[0]?.end(settled)
      expect(await beganAs(2)).toEqual(['1 sweep', '1 event'])
      test.reconciles.begun[1]?.end(settled)
      await idle(queue)
      expect(test.reconciles.begun).toHaveLength(2)
    })

    it('brings no second look for a sweep during a look', async () => {
      const queue = await makeQueue({ concurrency: 4 })
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'event')
      await beganAs(1)
      await queue.add(keyOf(1), 'sweep')
      test.reconciles.begun[0]?.end(settled)
      await idle(queue)
      expect(test.reconciles.begun).toHaveLength(1)
    })

    it('looks again at a waiting key after its time, for nobody in particular', async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'event')
      await beganAs(1)
      test.reconciles.begun[0]?.end(waiting(30))
      expect(await beganAs(2)).toEqual(['1 event', '1 sweep'])
    })

    it.each([-1, 0])('takes an odd wait of %d ms for none', async (afterMs) => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'event')
      await beganAs(1)
      test.reconciles.begun[0]?.end(waiting(afterMs))
      await beganAs(2)
    })

    it.each([hourMs, 1e12, Infinity])(
      'law 5: an event overtakes a look scheduled in %d ms',
      async (afterMs) => {
        const queue = await makeQueue()
        await queue.start(test.reconciles.reconcile)
        await queue.add(keyOf(1), 'sweep')
        await beganAs(1)
        test.reconciles.begun[0]?.end(waiting(afterMs))
        await delayedIs(queue, 1)
        await queue.add(keyOf(1), 'event')
        expect(await beganAs(2)).toEqual(['1 sweep', '1 event'])
        expect(await queue.state()).toMatchObject({ delayed: 0 })
      },
    )

    it('law 5: an event overtakes a backoff', async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'sweep')
      await beganAs(1)
      test.reconciles.begun[0]?.fail()
      await delayedIs(queue, 1)
      await queue.add(keyOf(1), 'event')
      expect(await beganAs(2)).toEqual(['1 sweep', '1 event'])
    })

    it.each(['fails', 'waits'])(
      'law 5: an event during a look that %s overtakes the delay',
      async (ending) => {
        const queue = await makeQueue()
        await queue.start(test.reconciles.reconcile)
        await queue.add(keyOf(1), 'sweep')
        await beganAs(1)
        await queue.add(keyOf(1), 'event')
        await queue.add(keyOf(1), 'sweep')
        if (ending === 'fails') test.reconciles.begun[0]?.fail()
        else test.reconciles.begun[0]?.end(waiting(hourMs))
        expect(await beganAs(2)).toEqual(['1 sweep', '1 event'])
        test.reconciles.begun[1]?.end(settled)
        await idle(queue)
        expect(test.reconciles.begun).toHaveLength(2)
      },
    )

    it("lets a hint hurry a scheduled look, which stays a sweep's, and a backoff, which stays its own", async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'hint')
      await beganAs(1)
      test.reconciles.begun[0]?.end(waiting(hourMs))
      await delayedIs(queue, 1)
      await queue.add(keyOf(1), 'hint')
      expect(await beganAs(2)).toEqual(['1 sweep', '1 sweep'])
      test.reconciles.begun[1]?.end(settled)
      await idle(queue)
      await queue.add(keyOf(1), 'event')
      await beganAs(3)
      test.reconciles.begun[2]?.fail()
      await delayedIs(queue, 1)
      await queue.add(keyOf(1), 'hint')
      expect(await beganAs(4)).toEqual(['1 sweep', '1 sweep', '1 event', '1 event'])
    })

    it.each(['settles', 'waits'])(
      'law 1: hints during a look that %s bring exactly one more look, for nobody in particular',
      async (ending) => {
        const queue = await makeQueue({ concurrency: 4 })
        await queue.start(test.reconciles.reconcile)
        await queue.add(keyOf(1), 'event')
        await beganAs(1)
        const hints = [1, 2, 3].map(() => queue.add(keyOf(1), 'hint'))
        await nothingMore(queue, 1)
        test.reconciles.begun[0]?.end(ending === 'waits' ? waiting(hourMs) : settled)
        expect(await beganAs(2)).toEqual(['1 event', '1 sweep'])
        test.reconciles.begun[1]?.end(settled)
        await Promise.all(hints)
        await idle(queue)
        expect(test.reconciles.begun).toHaveLength(2)
      },
    )

    it("law 5: a hint during a look does not take an event's place", async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'sweep')
      await beganAs(1)
      await queue.add(keyOf(1), 'event')
      const hint = queue.add(keyOf(1), 'hint')
      test.reconciles.begun[0]?.end(settled)
      expect(await beganAs(2)).toEqual(['1 sweep', '1 event'])
      await hint
      test.reconciles.begun[1]?.end(settled)
      await idle(queue)
      expect(test.reconciles.begun).toHaveLength(2)
    })

    it('does not let the sweep hurry a scheduled look or a backoff', async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      for (const number of [1, 2]) await queue.add(keyOf(number), 'event')
      await beganAs(1)
      test.reconciles.begun[0]?.fail()
      await beganAs(2)
      test.reconciles.begun[1]?.end(waiting(hourMs))
      await delayedIs(queue, 2)
      for (const number of [1, 2]) await queue.add(keyOf(number), 'sweep')
      await nothingMore(queue, 2)
      expect(await queue.state()).toMatchObject({ waiting: 0, delayed: 2 })
    })

    it('brings a failed look back as often as it fails, with its prompt, its failures and the wait it asked for', async () => {
      const asked: (readonly [number, number | null])[] = []
      const backoff: Backoff = (failures, _random, retryAfterMs) => {
        asked.push([failures, retryAfterMs])
        return 1
      }
      const queue = await makeQueue({ backoff })
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'event')
      await beganAs(1)
      test.reconciles.begun[0]?.fail(new RetryLater('slower please', { retryAfterMs: 1_234 }))
      for (let time = 1; time < 12; time += 1) {
        await beganAs(time + 1)
        test.reconciles.begun[time]?.fail(new TypeError('surprise'))
      }
      const prompts = await beganAs(13)
      expect(new Set(prompts)).toEqual(new Set(['1 event']))
      expect(asked).toEqual(Array.from({ length: 12 }, (_, index) => [index + 1, index === 0 ? 1_234 : null]))
      test.reconciles.begun[12]?.end(waiting(1))
      await beganAs(14)
      test.reconciles.begun[13]?.fail()
      expect((await beganAs(15)).slice(13)).toEqual(['1 sweep', '1 sweep'])
      expect(asked.at(-1)).toEqual([1, null])
    })

    it('law 11: keys that always fail hold up no other', async () => {
      const queue = await makeQueue({ backoff: () => 1 })
      const bad = new Set<MergeRequestKey>([keyOf(1), keyOf(2), keyOf(3)])
      test.reconciles.always((key) => (bad.has(key) ? new Error('always') : settled))
      await queue.start(test.reconciles.reconcile)
      for (let number = 1; number <= 40; number += 1) await queue.add(keyOf(number), 'event')
      await eventually(() => new Set(test.reconciles.begun.map(({ key }) => key)).size === 40)
      const good = test.reconciles.begun.filter(({ key }) => !bad.has(key))
      expect(good).toHaveLength(37)
    })

    it('runs as many looks at once as it may, and no more', async () => {
      const queue = await makeQueue({ concurrency: 3 })
      await queue.start(test.reconciles.reconcile)
      for (let number = 1; number <= 5; number += 1) await queue.add(keyOf(number), 'event')
      await beganAs(3)
      await nothingMore(queue, 3)
      expect(await queue.state()).toMatchObject({ waiting: 2, active: 3 })
      test.reconciles.begun[1]?.end(settled)
      await beganAs(4)
      test.reconciles.always(() => settled)
      await idle(queue)
    })

    it('says for how long the oldest key has been ready', async () => {
      const queue = await makeQueue()
      expect(await queue.state()).toMatchObject({ waiting: 0, oldestWaitingMs: 0 })
      await queue.add(keyOf(1), 'event')
      await queue.add(keyOf(2), 'sweep')
      const { oldestWaitingMs } = await eventually(async () => {
        const state = await queue.state()
        return state.oldestWaitingMs >= 40 && state
      })
      expect(oldestWaitingMs).toBeLessThan(10_000)
    })

    it('counts the age of a delayed key from when it was ready', async () => {
      const queue = await makeQueue({ backoff: () => 200 })
      await queue.start(test.reconciles.reconcile)
      const beforeMs = Date.now()
      for (const number of [1, 2]) {
        await queue.add(keyOf(number), 'event')
        await beganAs(number)
        test.reconciles.begun[number - 1]?.fail()
      }
      await queue.add(keyOf(3), 'event')
      await beganAs(3)
      // Both are ready and none is begun; then one is begun, and the other still waits.
      for (const left of [2, 1]) {
        const { oldestWaitingMs } = await eventually(async () => {
          const state = await queue.state()
          return state.waiting === left && state
        })
        // In whole ms, as the clock here counts.
        expect(Math.floor(oldestWaitingMs)).toBeLessThanOrEqual(Date.now() - beforeMs - 200)
        test.reconciles.begun[2]?.end(settled)
      }
    })

    it('lets a look add keys, its own too', async () => {
      const queue = await makeQueue()
      const seen: string[] = []
      await queue.start(async (key) => {
        seen.push(key)
        if (seen.length < 3) await queue.add(key, 'event')
        if (seen.length === 1) await queue.add(keyOf(2), 'event')
        return settled
      })
      await queue.add(keyOf(1), 'event')
      await eventually(() => seen.length === 4)
      await idle(queue)
      expect(seen.toSorted()).toEqual([keyOf(1), keyOf(1), keyOf(2), keyOf(2)])
    })

    it('takes a thousand keys at once and looks at each once', async () => {
      const queue = await makeQueue({ concurrency: 10 })
      test.reconciles.always(() => settled)
      await queue.start(test.reconciles.reconcile)
      const numbers = Array.from({ length: 1_000 }, (_, index) => index + 1)
      await Promise.all(numbers.map((number) => queue.add(keyOf(number), 'event')))
      await eventually(() => test.reconciles.begun.length >= 1_000)
      await idle(queue)
      expect(new Set(test.reconciles.begun.map(({ key }) => key)).size).toBe(1_000)
      expect(test.reconciles.begun).toHaveLength(1_000)
    })

    it('stops: ends the running look, begins no other, takes no more', async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      for (const number of [1, 2]) await queue.add(keyOf(number), 'event')
      await beganAs(1)
      const stopped = { yes: false }
      const stopping = queue.stop(10_000).then(() => {
        stopped.yes = true
      })
      await expect(queue.add(keyOf(3), 'event')).rejects.toThrow(RetryLater)
      await delay(50)
      expect(stopped.yes).toBe(false)
      test.reconciles.begun[0]?.end(settled)
      await stopping
      expect(test.reconciles.begun).toHaveLength(1)
    })

    it('stops at the deadline when a look does not end', async () => {
      const queue = await makeQueue()
      await queue.start(test.reconciles.reconcile)
      await queue.add(keyOf(1), 'event')
      await beganAs(1)
      await queue.stop(30)
      expect(test.reconciles.running()).toHaveLength(1)
    })

    it('stops though it never began', async () => {
      const queue = await makeQueue()
      await queue.add(keyOf(1), 'event')
      await queue.stop(30)
    })
  })
}
