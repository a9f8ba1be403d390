import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { MergeRequestKey } from '../../src/preview/key.ts'
import type { Outcome, Trigger } from '../../src/preview/outcome.ts'
import type { Queue } from '../../src/queue/port.ts'
import { eventually } from '../support/eventually.ts'
import { createLooks, keyOf, settled, waiting } from '../support/reconciles.ts'
import type { QueueStore } from './queue.ts'

type Step =
  | { readonly do: 'add'; readonly number: number; readonly prompt: Trigger | 'hint' }
  | { readonly do: 'end'; readonly which: number; readonly how: 'settled' | 'stalled' | 'waiting' | 'fails' }
  | { readonly do: 'pause'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('add'),
      number: fc.integer({ min: 1, max: 3 }),
      prompt: fc.constantFrom('event', 'sweep', 'hint'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('end'),
      which: fc.nat(3),
      how: fc.constantFrom('settled', 'stalled', 'waiting', 'fails'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause'), ms: fc.integer({ min: 0, max: 4 }) }) },
)

/**
 * Under any schedule of adds and endings, spread over `replicas` queues of one store: no key runs twice at once, every
 * event and every hint is followed by a look that begins after it, nothing is looked at without a reason, and all comes to rest.
 */
export async function expectStormHolds(
  open: () => Promise<QueueStore>,
  { replicas, numRuns }: { readonly replicas: number; readonly numRuns: number },
): Promise<void> {
  const schedules = fc.array(step, { minLength: 5, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const store = await open()
      try {
        await run(store, replicas, schedule)
      } finally {
        await store.close()
      }
    }),
    { numRuns, interruptAfterTimeLimit: 60_000 },
  )
}

async function run(store: QueueStore, replicas: number, schedule: readonly Step[]): Promise<void> {
  const reconciles = createLooks()
  const queues: Queue[] = []
  for (let number = 0; number < replicas; number += 1) {
    const queue = await store.queue({ concurrency: 2, backoff: () => 2 })
    await queue.start(reconciles.reconcile)
    queues.push(queue)
  }
  // For each key, how many looks had begun when the newest event or hint was added, and how many reasons to look there were.
  const begunBefore = new Map<MergeRequestKey, number>()
  const reasons = new Map<MergeRequestKey, number>()
  const count = (key: MergeRequestKey): number =>
    reconciles.begun.filter((reconcile) => reconcile.key === key).length
  const reason = (key: MergeRequestKey): void => void reasons.set(key, (reasons.get(key) ?? 0) + 1)
  for (const [index, current] of schedule.entries()) {
    const queue = queues[index % queues.length]
    switch (current.do) {
      case 'pause':
        await delay(current.ms)
        break
      case 'end': {
        const reconcile = reconciles.running()[current.which]
        if (reconcile === undefined) break
        if (current.how === 'fails' || current.how === 'waiting') reason(reconcile.key)
        if (current.how === 'fails') reconcile.fail()
        else reconcile.end(outcomes[current.how])
        break
      }
      case 'add': {
        const key = keyOf(current.number)
        if (current.prompt !== 'sweep') begunBefore.set(key, count(key))
        // Every replica hears what the agent says, and none waits for what comes of it.
        const asked = current.prompt === 'hint' ? queues : [queue]
        for (const one of asked) {
          reason(key)
          const taken = one?.add(key, current.prompt)
          if (current.prompt === 'hint') taken?.catch(() => undefined)
          else await taken
        }
      }
    }
  }
  reconciles.always(() => settled)
  // Rest is asked for last: a key on its way from Redis to its look is in no state for a moment.
  await eventually(() => {
    for (const [key, before] of begunBefore) expect(count(key), `looks at ${key}`).toBeGreaterThan(before)
  })
  await eventually(async () => {
    const states = await Promise.all(queues.map((queue) => queue.state()))
    return states.every((state) => state.waiting + state.active + state.delayed === 0)
  })
  expect(reconciles.mostAtOnce()).toBeLessThanOrEqual(1)
  for (const [key, most] of reasons) expect(count(key), `looks at ${key}`).toBeLessThanOrEqual(most)
}

const outcomes: Readonly<Record<'settled' | 'stalled' | 'waiting', Outcome>> = {
  settled,
  stalled: { kind: 'stalled', why: 'the test says so' },
  waiting: waiting(2),
}
