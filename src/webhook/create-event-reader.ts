import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type ForgeKindName, forgeKinds } from '../forge/kinds.ts'
import type { SignedRequest, WebhookReading } from '../forge/webhook-dialect.ts'
import type { LargeBody, LargeBodyRead } from './large-body.ts'
import { readEvent } from './read-event.ts'

/** In bytes: parsed in well under a millisecond up to here, and nearly every event is smaller. */
const smallBody = 128 * 1024

// What 4 MiB of JSON may grow to; beyond it the thread ends, and not the process.
const usualThreadMemoryMb = 512

interface Asked {
  readonly resolve: (reading: WebhookReading) => void
  readonly reject: (error: Error) => void
}

/**
 * Reads genuine bytes of a kind of forge. A large body is parsed on a thread of its own, so that nobody waits for it;
 * the thread starts with the first one. Rejects when that thread fails.
 */
export type EventReader = (kind: ForgeKindName, request: SignedRequest) => Promise<WebhookReading>

export function createEventReader({ threadMemoryMb = usualThreadMemoryMb } = {}): EventReader {
  const asked = new Map<number, Asked>()
  let lastId = 0
  let current: Worker | null = null

  function running(): Worker {
    if (current !== null) return current
    const started = startThread(threadMemoryMb)
    started.on('message', ({ id, reading }: LargeBodyRead) => {
      asked.get(id)?.resolve(reading)
      asked.delete(id)
      // It keeps no process alive that has nothing else to do.
      if (asked.size === 0) started.unref()
    })
    started.on('error', (cause) => {
      current = null
      for (const { reject } of asked.values())
        reject(new Error('the thread that reads large bodies failed', { cause }))
      asked.clear()
    })
    current = started
    return started
  }

  return (kind, { headers, bytes }) => {
    if (bytes.length <= smallBody)
      return Promise.resolve(readEvent(forgeKinds[kind].webhook, { headers, bytes }))
    lastId += 1
    const body: LargeBody = { id: lastId, kind, headers: { ...headers }, bytes }
    return new Promise((resolve, reject) => {
      asked.set(body.id, { resolve, reject })
      const thread = running()
      thread.ref()
      thread.postMessage(body)
    })
  }
}

function startThread(threadMemoryMb: number): Worker {
  // Compiled or not, it lies beside this file under the same ending.
  const file = new URL(`large-body-thread${extname(import.meta.url)}`, import.meta.url)
  return new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: threadMemoryMb } })
}
