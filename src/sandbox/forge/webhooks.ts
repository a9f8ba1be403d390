import { createHmac, randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ForgeEvent } from './events.ts'

export interface WebhookTarget {
  readonly url: string
  readonly secret: string
}

/** How events travel: as they should, not at all, twice, late, or every second one before the one it followed. */
export type DeliveryMode =
  | { readonly kind: 'prompt' | 'lose' | 'duplicate' | 'reorder' }
  | { readonly kind: 'delay'; readonly ms: number }

export interface WebhookSender {
  readonly send: (event: ForgeEvent) => void
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
  readonly clock: Clock
  readonly log: Log
}

const timeoutMs = 5_000

/** Signs and sends events one after the other, as Gitea does; one that is not taken is lost, as with Gitea. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const line = createLine(options)
  let mode: DeliveryMode = { kind: 'prompt' }
  let held: ForgeEvent | null = null

  function release(): void {
    if (held !== null) line.enqueue(held)
    held = null
  }

  function send(event: ForgeEvent): void {
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
  readonly enqueue: (event: ForgeEvent, waitMs?: number) => void
}

/** One delivery at a time, in the order of arrival. */
function createLine(options: WebhookSenderOptions): Line {
  const ended = new AbortController()
  let target = options.target
  let tail = Promise.resolve()

  async function attempt(to: WebhookTarget, event: ForgeEvent, waitMs: number): Promise<void> {
    try {
      if (waitMs > 0) await options.clock.sleep(waitMs, ended.signal)
      await deliver(to, event, ended.signal)
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

async function deliver(target: WebhookTarget, event: ForgeEvent, ended: AbortSignal): Promise<void> {
  const body = JSON.stringify(event.payload, null, 2)
  const response = await fetch(target.url, {
    method: 'POST',
    headers: headersOf(target, event, body),
    body,
    signal: AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]),
  })
  await response.body?.cancel()
}

/** Gitea sends its own names, those of Gogs and those of GitHub: a receiver must not be led astray by the latter. */
function headersOf(target: WebhookTarget, event: ForgeEvent, body: string): Record<string, string> {
  const signature = createHmac('sha256', target.secret).update(body).digest('hex')
  const delivery = randomUUID()
  return {
    'content-type': 'application/json',
    'x-gitea-delivery': delivery,
    'x-gitea-event': event.event,
    'x-gitea-event-type': event.type,
    'x-gitea-signature': signature,
    'x-gogs-delivery': delivery,
    'x-gogs-event': event.event,
    'x-gogs-signature': signature,
    'x-hub-signature-256': `sha256=${signature}`,
    'x-github-delivery': delivery,
    'x-github-event': event.event,
  }
}
