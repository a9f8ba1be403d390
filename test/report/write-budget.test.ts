import { describe, expect, it } from 'vitest'
import type { CommentResult, Forge } from '../../src/forge/port.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { createPublisher } from '../../src/report/publish.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { fixture, wish } from './publisher-fixture.ts'

describe('the budget of a token', () => {
  it('a thousand comments at once: never above 1 a second, 80 a minute, 500 an hour, all written, newest text wins', async () => {
    const forge = fixture()
    const { clock, publisher, calls } = forge
    const startedAt = clock.now().getTime()
    for (let number = 1; number <= 1000; number++) publisher.publish(wish(number, 'deploying'))
    // Nobody who asked was made to wait.
    expect(clock.now().getTime()).toBe(startedAt)
    await clock.advance(60_000)
    for (let number = 1; number <= 1000; number++) publisher.publish(wish(number, 'ready'))
    await clock.until(publisher.idle())

    expect([...forge.comments.values()].filter((body) => body !== 'ready')).toEqual([])
    expect(forge.comments.size).toBe(1000)
    const writes = calls.filter(({ wrote }) => wrote).map(({ atMs }) => atMs)
    // What was written before the second wish was written twice, the rest once.
    expect(writes.length).toBeLessThan(1070)
    expectPolite(writes)
    const took = (writes.at(-1) ?? 0) - (writes[0] ?? 0)
    expect(took).toBeLessThan(2.6 * 3_600_000)
    const late = calls.filter(({ atMs, what }) => atMs > startedAt + 61_000 && what.endsWith('deploying'))
    expect(late).toEqual([])
  })

  it('statuses and the removal of duplicates count like any other write', async () => {
    const forge = fixture()
    const { clock, publisher, comments, duplicates, calls } = forge
    for (let number = 1; number <= 300; number++) {
      if (number % 3 === 0) comments.set(number, 'old')
      if (number % 6 === 0) duplicates.set(number, 3)
      publisher.publish(wish(number, 'ready', ['pending']))
    }
    await clock.until(publisher.idle())
    expect(new Set(comments.values())).toEqual(new Set(['ready']))
    expect([...duplicates.values()].filter((count) => count > 0)).toEqual([])
    expect(forge.statuses).toHaveLength(300)
    const writes = calls.filter(({ wrote }) => wrote).map(({ atMs }) => atMs)
    expect(writes).toHaveLength(300 + 50 * 3 + 300)
    expect(forge.written).toHaveLength(writes.length)
    expectPolite(writes)
  })

  it('each forge keeps its own pace: one that asks for silence holds up no other', async () => {
    const clock = createVirtualClock()
    const said: string[] = []
    const speaker = (
      name: string,
      answer: () => CommentResult,
    ): Pick<Forge, 'publishComment' | 'publishStatus'> => ({
      publishComment: ({ number }) => {
        said.push(`${name} ${number}`)
        return Promise.resolve().then(answer)
      },
      publishStatus: () => Promise.resolve('unchanged'),
    })
    const silent = () => {
      throw new RetryLater('slow down', { retryAfterMs: 3_600_000 })
    }
    const publisher = createPublisher({
      writers: new Map([
        ['one', speaker('one', silent)],
        ['other', speaker('other', () => 'created')],
      ]),
      clock,
      random: () => 0.5,
      log: createCapturedLog(),
    })
    for (let number = 1; number <= 5; number++)
      for (const forge of ['one', 'other']) {
        const ref = { forge, repository: 'acme/shop', number }
        publisher.publish({ ...wish(number, 'ready'), ref, key: mergeRequestKey(ref) })
      }
    await clock.advance(10_000)
    expect(said.filter((call) => call.startsWith('other'))).toHaveLength(5)
    expect(said.filter((call) => call.startsWith('one'))).toHaveLength(1)
  })

  it('reading what turns out to be said costs nothing', async () => {
    const { clock, publisher, comments, calls } = fixture()
    for (let number = 1; number <= 100; number++) comments.set(number, 'ready')
    for (let number = 1; number <= 100; number++) publisher.publish(wish(number, 'ready'))
    publisher.publish(wish(101, 'new'))
    await clock.until(publisher.idle())
    expect(calls.at(-1)).toMatchObject({ what: 'comment 101 new', wrote: true })
    expect((calls.at(-1)?.atMs ?? 0) - (calls[0]?.atMs ?? 0)).toBeLessThan(25_000)
  })
})

/** What GitHub asks of one token, and one write a second at most. */
function expectPolite(writes: readonly number[]): void {
  expect(most(writes, 1_000)).toBe(1)
  expect(most(writes, 60_000)).toBeLessThanOrEqual(80)
  expect(most(writes, 3_600_000)).toBeLessThanOrEqual(500)
}

/** The most of `times` within any window of `ms`. */
function most(times: readonly number[], ms: number): number {
  let best = 0
  let from = 0
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? 0) >= ms) from++
    best = Math.max(best, index - from + 1)
  }
  return best
}
