import { describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/pace/clock.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { mergeRequestKey, parseMergeRequestKey } from '../../src/preview/key.ts'
import { eventually } from '../support/eventually.ts'
import { quickTimings } from '../support/redis-queues.ts'
import { withRedis } from '../support/with-redis.ts'

const hour = 3_600_000

/** The machine's clock an hour ahead, until it is set right: BullMQ itself always reads the right one. */
function clockAhead(): Clock & { setRight(): void } {
  let aheadMs = hour
  return {
    ...systemClock,
    now: () => new Date(systemClock.now().getTime() + aheadMs),
    setRight() {
      aheadMs = 0
    },
  }
}

describe('the queue on Redis', () => {
  const { queues } = withRedis()

  it('law 14: tries a failed pass again, and before its time rather than an hour late, when the clock is set back by an hour', async () => {
    const clock = clockAhead()
    const queue = await queues().queue({ clock, backoff: () => 60_000, timings: quickTimings })
    let passes = 0
    await queue.start(() => {
      passes += 1
      return passes === 1 ? Promise.reject(new RetryLater('502')) : Promise.resolve({ kind: 'settled' })
    })
    await queue.add(mergeRequestKey(parseMergeRequestKey('github:acme/shop#1')), 'event')
    await eventually(async () => {
      expect((await queue.state()).delayed).toBe(1)
    })
    clock.setRight()
    await eventually(() => {
      expect(passes).toBe(2)
    })
  })
})
