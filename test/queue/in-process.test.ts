import { it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { createInProcessQueue } from '../../src/queue/in-process.ts'
import type { Queue } from '../../src/queue/port.ts'
import { type QueueStore, queueContract } from '../contract/queue.ts'
import { expectStormHolds } from '../contract/queue-storm.ts'
import { createCapturedLog } from '../support/captured-log.ts'

queueContract('the in-process queue', open)

it('law 5: in process, no schedule of adds and endings runs a key twice at once or loses an event or a hint', async () => {
  await expectStormHolds(open, { replicas: 1, numRuns: 150 })
})

function open(): Promise<QueueStore> {
  const queues: Queue[] = []
  return Promise.resolve({
    queue: (options) => {
      const log = createCapturedLog()
      const queue = createInProcessQueue({ ...options, clock: systemClock, random: Math.random, log })
      queues.push(queue)
      return Promise.resolve(queue)
    },
    close: async () => {
      for (const queue of queues) await queue.stop(0)
    },
  })
}
