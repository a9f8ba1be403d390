import type { ForgeKindName } from '../forge/kinds.ts'
import type { SignedRequest, WebhookReading } from '../forge/webhook-dialect.ts'

/** What goes to the thread that reads large bodies. */
export interface LargeBody extends SignedRequest {
  readonly id: number
  readonly kind: ForgeKindName
}

/** What comes back: small, whatever the body held. */
export interface LargeBodyRead {
  readonly id: number
  readonly reading: WebhookReading
}
