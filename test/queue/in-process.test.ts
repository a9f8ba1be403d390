import { systemClock } from '../../src/clock.ts'
import { createInProcessQueue } from '../../src/queue/in-process.ts'
import type { Queue } from '../../src/queue/port.ts'
import { queueContract } from '../contract/queue.ts'
import { createCapturedLog } from '../support/captured-log.ts'

queueContract('the in-process queue', () => {
  const queues: Queue[] = []
  return Promise.resolve({
    queue: (options) => {
      const queue = createInProcessQueue({
        ...options,
        clock: systemClock,
        random: Math.random,
        log: createCapturedLog(),
      })
      queues.push(queue)
      return Promise.resolve(queue)
    },
    close: async () => {
      for (const queue of queues) await queue.stop(0)
    },
  })
})
