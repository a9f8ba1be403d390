import { describe, expect, it } from 'vitest'
import { type MergeRequestKey, mergeRequestKey } from '../../src/preview/key.ts'
import type { Outcome } from '../../src/preview/outcome.ts'
import { createDeliveryMemory } from '../../src/why/delivery-memory.ts'
import { createGateWaits } from '../../src/reconcile/gate-waits.ts'
import { createPassMemory } from '../../src/why/pass-memory.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const keyOf = (number: number): MergeRequestKey =>
  mergeRequestKey({ forge: 'gitea', repository: 'acme/shop', number })

describe('what is remembered for people who ask', () => {
  it('deliveries: ten of a merge request, of the 5 000 that were heard of last', () => {
    const memory = createDeliveryMemory(createVirtualClock())
    const note = (number: number, id: string | null) =>
      memory.note(keyOf(number), { id, event: 'pushed', answer: 'taken' })
    for (let number = 1; number <= 5_001; number += 1) note(number, null)
    for (let id = 1; id <= 11; id += 1) note(2, String(id))
    expect(memory.of(keyOf(1))).toEqual([])
    expect(memory.of(keyOf(2)).map(({ id }) => id)).toEqual([
      '11',
      '10',
      '9',
      '8',
      '7',
      '6',
      '5',
      '4',
      '3',
      '2',
    ])
    expect(memory.of(keyOf(5_001))).toHaveLength(1)
  })

  it.each<[Outcome, object]>([
    [{ kind: 'settled' }, { outcome: 'settled', why: null, afterMs: null }],
    [
      { kind: 'stalled', why: 'a human' },
      { outcome: 'stalled', why: 'a human', afterMs: null },
    ],
    [
      { kind: 'waiting', afterMs: 5, why: 'a check' },
      { outcome: 'waiting', why: 'a check', afterMs: 5 },
    ],
  ])('passes: %j', async (outcome, remembered) => {
    const memory = createPassMemory(createVirtualClock())
    const pass = memory.watch(() => Promise.resolve(outcome))
    expect(memory.lastOf(keyOf(1))).toBeNull()
    expect(await pass(keyOf(1), 'event')).toBe(outcome)
    expect(memory.lastOf(keyOf(1))).toMatchObject(remembered)
  })

  it('a pass that failed in an unforeseen way tells nothing of it, and throws on', async () => {
    const memory = createPassMemory(createVirtualClock())
    const pass = memory.watch(() => Promise.reject(new TypeError('canary')))
    await expect(pass(keyOf(1), 'event')).rejects.toThrow('canary')
    expect(memory.lastOf(keyOf(1))?.why).toBe('it failed in an unforeseen way: the log says how')
  })

  it('how long a commit waits is told without beginning to count', async () => {
    const clock = createVirtualClock()
    const waits = createGateWaits(clock)
    expect(waits.knownMs('a')).toBe(0)
    await clock.advance(1_000)
    expect(waits.waitedMs('a', false)).toBe(0)
    await clock.advance(1_000)
    expect([waits.knownMs('a'), waits.waitedMs('a', false)]).toEqual([1_000, 1_000])
  })
})
