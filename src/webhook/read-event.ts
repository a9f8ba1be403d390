import type { SignedRequest, WebhookDialect, WebhookReading } from '../forge/webhook-dialect.ts'
import { parseJson } from './parse-json.ts'

/** What genuine bytes ask for. Pure; takes as long as its body is large. */
export function readEvent(
  dialect: Pick<WebhookDialect, 'read'>,
  { headers, bytes }: SignedRequest,
): WebhookReading {
  const json = parseJson(bytes)
  if (json.kind === 'broken') return { kind: 'refused', status: 400, error: json.error }
  return dialect.read(headers, json.value)
}
