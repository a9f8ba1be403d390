import { randomUUID } from 'node:crypto'
import type { Clock } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import type { WebhookMessage, WebhookVoice } from './dialect.ts'

export interface WebhookTarget {
  readonly url: string
  readonly secret: string
}

/** How events travel: as they should, not at all, twice, late, or every second one before the one it followed. */
export type DeliveryMode =
  | { readonly kind: 'prompt' | 'lose' | 'duplicate' | 'reorder' }
  | { readonly kind: 'delay'; readonly ms: number }

export interface WebhookSender {
  readonly send: (event: WebhookMessage) => void
  /** From now on; null: nobody listens. */
  readonly deliverTo: (target: WebhookTarget | null) => void
  /** From now on; an event that `reorder` still holds back goes out. */
  readonly mode: (mode: DeliveryMode) => void
  /** Resolves once all that was sent has been answered or given up. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface WebhookSenderOptions {
  readonly target: WebhookTarget | null
  readonly headers: WebhookVoice['headers']
  readonly clock: Clock
  readonly log: Log
}

const timeoutMs = 5_000

/** Signs and sends events one after the other, as forges do; one that is not taken is lost, as with Gitea and GitHub. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const line = createLine(options)
  let mode: DeliveryMode = { kind: 'prompt' }
  let held: WebhookMessage | null = null

  function release(): void {
    if (held !== null) line.enqueue(held)
    held = null
  }

  function send(event: WebhookMessage): void {
    switch (mode.kind) {
      case 'prompt':
        line.enqueue(event)
        return
      case 'lose':
        return
      case 'duplicate':
        line.enqueue(event)
        line.enqueue(event)
        return
      case 'delay':
        line.enqueue(event, mode.ms)
        return
      case 'reorder':
        if (held === null) {
          held = event
          return
        }
        line.enqueue(event)
        release()
    }
  }

  return {
    send,
    mode(next) {
      release()
      mode = next
    },
    deliverTo: line.deliverTo,
    settled: line.settled,
    close: line.close,
  }
}

interface Line extends Pick<WebhookSender, 'deliverTo' | 'settled' | 'close'> {
  readonly enqueue: (event: WebhookMessage, waitMs?: number) => void
}

/** One delivery at a time, in the order of arrival. */
function createLine(options: WebhookSenderOptions): Line {
  const ended = new AbortController()
  let target = options.target
  let tail = Promise.resolve()

  async function deliver({ url, secret }: WebhookTarget, message: WebhookMessage): Promise<void> {
    const delivery = { secret, id: randomUUID(), now: options.clock.now() }
    const response = await fetch(url, {
      method: 'POST',
      headers: options.headers(message, delivery),
      body: message.body,
      signal: AbortSignal.any([ended.signal, AbortSignal.timeout(timeoutMs)]),
    })
    await response.body?.cancel()
  }

  async function attempt(to: WebhookTarget, event: WebhookMessage, waitMs: number): Promise<void> {
    try {
      if (waitMs > 0) await options.clock.sleep(waitMs, ended.signal)
      await deliver(to, event)
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown'
      options.log.debug({ event: event.type, reason }, 'a webhook was lost')
    }
  }

  return {
    enqueue(event, waitMs = 0) {
      const to = target
      if (to !== null && !ended.signal.aborted) tail = tail.then(() => attempt(to, event, waitMs))
    },
    deliverTo(next) {
      target = next
    },
    settled: () => tail,
    async close() {
      ended.abort()
      await tail
    },
  }
}
