import { expect, it } from 'vitest'
import { createFailureLimit } from '../../src/webhook/failure-limit.ts'
import { createTokenBucket } from '../../src/pace/token-bucket.ts'
import { parseMergeRequestKey } from '../../src/preview/key.ts'
import { createInProcessQueue } from '../../src/queue/in-process.ts'
import { freshReading } from '../../src/reconcile/shared-reads.ts'
import { fixture, what, wish } from '../report/publisher-fixture.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'

const hour = 3_600_000

it.each([
  ['back', hour],
  ['forward', -hour],
])(
  'law 14: a push waits for its token as long as ever when the clock is set %s by an hour',
  async (_, by) => {
    const clock = createVirtualClock()
    const bucket = createTokenBucket({ perMinute: 6, burst: 1, clock })
    await bucket.take()
    clock.setBack(by)
    expect(bucket.waitMs()).toBe(10_000)
  },
)

it('law 14: comments go on at their pace when the clock is set back by an hour', async () => {
  const forge = fixture()
  forge.publisher.publish(wish(1, 'one'))
  await forge.clock.until(forge.publisher.idle())
  forge.clock.setBack(hour)
  forge.publisher.publish(wish(1, 'two'))
  await forge.clock.advance(60_000)
  expect(what(forge)).toEqual(['comment 1 one', 'comment 1 two'])
})

it('law 14: a report that failed is tried again after its pause when the clock is set back by an hour', async () => {
  const forge = fixture()
  forge.errors.push(new RetryLater('502'))
  forge.publisher.publish(wish(1, 'one'))
  await forge.clock.advance(2_000)
  forge.clock.setBack(hour)
  await forge.clock.advance(120_000)
  expect(what(forge)).toEqual(['comment 1 one', 'comment 1 one'])
})

it('law 14: an answer of the forge gets old at the same speed when the clock is set back by an hour', async () => {
  const clock = createVirtualClock()
  let reads = 0
  const repository = { id: '1', fullName: 'acme/shop', cloneUrl: 'https://acme.dev/acme/shop.git' }
  const read = freshReading(clock, () => {
    reads += 1
    return Promise.resolve({ kind: 'gone', repository })
  })
  await read(0)
  clock.setBack(hour)
  await clock.advance(1_000)
  await read(1_000)
  expect(reads).toBe(2)
})

it('law 14: how long a key waits in the queue does not jump with the clock', async () => {
  const clock = createVirtualClock()
  const queue = createInProcessQueue({
    concurrency: 1,
    clock,
    random: Math.random,
    log: createCapturedLog(),
  })
  const key = mergeRequestKey(parseMergeRequestKey('github:acme/shop#1'))
  await queue.add(key, 'event')
  clock.setBack(-hour)
  await clock.advance(7)
  expect((await queue.state()).oldestWaitingMs).toBe(7)
})

it('law 14: wrong signatures are forgiven after a minute when the clock is set back by an hour', async () => {
  const clock = createVirtualClock()
  const outcomes: string[] = []
  const limit = createFailureLimit({
    perMinute: 1,
    clock,
    scope: () => 'gitea',
    onExceeded: () => outcomes.push('429'),
  })
  const request = { ip: '192.0.2.1', params: { forge: 'github' }, app: { get: () => false }, headers: {} }
  const response = {
    setHeader: () => undefined,
    append: () => undefined,
    headersSent: false,
    on: () => undefined,
  }
  const fail = () => limit(request as never, response as never, () => outcomes.push('401'))
  await fail()
  await fail()
  clock.setBack(hour)
  await clock.advance(60_001)
  await fail()
  expect(outcomes).toEqual(['401', '429', '401'])
})
