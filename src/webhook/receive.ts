import type { Secret } from '../config/secret.ts'
import type {
  EventIgnored,
  EventReceived,
  Malformed,
  WebhookDialect,
  WebhookHeaders,
} from '../forge/webhook-dialect.ts'
import { parseJson } from './parse-json.ts'

/** What a webhook came to: a merge request to reconcile, nothing, or a refusal. */
export type Received = EventReceived | EventIgnored | Malformed | NotGenuine

export interface NotGenuine {
  readonly kind: 'refused'
  readonly status: 401
  readonly error: string
}

/**
 * Judges one webhook. Pure: the signature over the raw bytes first, and nothing is parsed before it holds.
 * Several secrets count while one is being rotated.
 */
export function receive(
  dialect: WebhookDialect,
  headers: WebhookHeaders,
  bytes: Uint8Array,
  secrets: readonly Secret[],
  now: Date,
): Received {
  const objection = dialect.objection({ headers, bytes }, secrets, now)
  if (objection !== null) return { kind: 'refused', status: 401, error: objection }
  const json = parseJson(bytes)
  if (json.kind === 'broken') return { kind: 'refused', status: 400, error: json.error }
  return dialect.read(headers, json.value)
}
