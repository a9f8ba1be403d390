import { parentPort } from 'node:worker_threads'
import { forgeKinds } from '../forge/kinds.ts'
import type { LargeBody, LargeBodyRead } from './large-body.ts'
import { readEvent } from './read-event.ts'

// A thread of its own, started by create-event-reader.ts: one body after the other.
parentPort?.on('message', ({ id, kind, ...request }: LargeBody) => {
  const answer: LargeBodyRead = { id, reading: readEvent(forgeKinds[kind].webhook, request) }
  parentPort?.postMessage(answer)
})
