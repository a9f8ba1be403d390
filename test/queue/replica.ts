import { setInterval } from 'node:timers'
import { createBullmqQueue } from '../../src/queue/bullmq.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { quickTimings } from '../support/redis-queues.ts'

/** A replica in a process of its own, to be killed: says `began <key> <prompt>` and never ends a look. */
const [url = '', prefix = ''] = process.argv.slice(2)
const queue = await createBullmqQueue({
  url,
  prefix,
  concurrency: 5,
  random: Math.random,
  log: createCapturedLog(),
  timings: quickTimings,
})
await queue.start((key, prompt) => {
  console.log(`began ${key} ${prompt}`)
  return new Promise(() => undefined)
})
console.log('ready')
setInterval(() => undefined, 1_000)
