import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../config/secret.ts'
import type { WebhookHeaders } from './webhook-dialect.ts'

/** Every value of a header, none when it is absent. */
export function headerValues(headers: WebhookHeaders, name: string): readonly string[] {
  const value = headers[name]
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

/**
 * What is wrong with the hex HMAC-SHA256 of the bytes in header `name`, null when nothing is.
 * `prefix` stands before the digits, which are lower case.
 */
export function hexSignatureObjection(
  signed: { readonly headers: WebhookHeaders; readonly bytes: Uint8Array },
  name: string,
  prefix: string,
  secrets: readonly Secret[],
): string | null {
  const [value, second] = headerValues(signed.headers, name)
  if (value === undefined || value === '')
    return `The header ${name} is missing: give the webhook on the forge the secret that stands in webhookSecret.`
  if (second !== undefined) return `The header ${name} came more than once.`
  const [, hex] = new RegExp(`^${prefix}([0-9a-f]{64})$`).exec(value) ?? []
  if (hex === undefined) return `The header ${name} is not ${prefix}<64 lower-case hex digits>.`
  const keys = secrets.map((secret) => Buffer.from(secret.reveal()))
  return hmacMatches(Buffer.from(hex, 'hex'), [signed.bytes], keys) ? null : wrongSecret
}

export const wrongSecret =
  'The signature does not fit: the secret of the webhook on the forge must be one of webhookSecret.'

/** Whether `claimed` (32 bytes) is the HMAC-SHA256 of the parts under one of the keys. Every key is tried. */
export function hmacMatches(
  claimed: Uint8Array,
  parts: readonly (string | Uint8Array)[],
  keys: readonly Uint8Array[],
): boolean {
  const matches = keys.map((key) => {
    const hmac = createHmac('sha256', key)
    for (const part of parts) hmac.update(part)
    // An empty key is known to everybody.
    return timingSafeEqual(hmac.digest(), claimed) && key.length > 0
  })
  return matches.includes(true)
}

/** Whether `claimed`, as Node reads a header (latin1), is one of the secrets. Hashed first, so that no length shows. */
export function tokenMatches(claimed: string, secrets: readonly Secret[]): boolean {
  const hash = sha256(Buffer.from(claimed, 'latin1'))
  const matches = secrets.map((secret) => {
    const key = Buffer.from(secret.reveal())
    return timingSafeEqual(sha256(key), hash) && key.length > 0
  })
  return matches.includes(true)
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
