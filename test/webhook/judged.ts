import type { Secret } from '../../src/config/secret.ts'
import type { WebhookDialect, WebhookHeaders, WebhookReading } from '../../src/forge/webhook-dialect.ts'
import { readEvent } from '../../src/webhook/read-event.ts'
import { type NotGenuine, receive } from '../../src/webhook/receive.ts'

export type Judged = WebhookReading | NotGenuine

/** The whole judgement of one webhook, without a server. */
export function judged(
  dialect: WebhookDialect,
  headers: WebhookHeaders,
  bytes: Uint8Array,
  secrets: readonly Secret[],
  now: Date,
): Judged {
  return receive(dialect, { headers, bytes }, secrets, now, (genuine) => readEvent(dialect, genuine))
}
