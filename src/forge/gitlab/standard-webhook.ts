import type { Secret } from '../../config/secret.ts'
import type { SignedRequest } from '../webhook-dialect.ts'
import { headerValues, hmacMatches, wrongSecret } from '../webhook-signature.ts'

const toleranceMs = 5 * 60_000
const maxSignatures = 10

/**
 * What is wrong with a signature as GitLab makes it (https://www.standardwebhooks.com): `v1,<base64>` of the
 * HMAC-SHA256 over `id.timestamp.body`, at most five minutes old or early. Null when nothing is.
 */
export function standardWebhookObjection(
  { headers, bytes }: SignedRequest,
  secrets: readonly Secret[],
  now: Date,
): string | null {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => {
    const values = headerValues(headers, name)
    return values.length === 1 ? values[0] : undefined
  })
  if (id === undefined || timestamp === undefined || signature === undefined)
    return 'webhook-id, webhook-timestamp and webhook-signature must each be there once.'
  if (!/^[\x21-\x7e]{1,256}$/.test(id)) return 'webhook-id is not an id.'
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is not a time in whole seconds.'
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > toleranceMs)
    return 'webhook-timestamp is more than 5 minutes off: check both clocks.'

  const claims = claimsOf(signature)
  if (claims === undefined) return 'webhook-signature is not v1,<base64>.'
  const keys = secrets.map(signingKey)
  const matches = claims.map((claim) => hmacMatches(claim, [`${id}.${timestamp}.`, bytes], keys))
  return matches.includes(true) ? null : wrongSecret
}

// While GitLab rotates there are several, with a space between; other versions than v1 are not ours to judge.
function claimsOf(signature: string): readonly Uint8Array[] | undefined {
  const parts = signature.split(' ')
  if (parts.length > maxSignatures) return undefined
  const ours = parts.filter((part) => part.startsWith('v1,')).map((part) => part.slice('v1,'.length))
  if (ours.length === 0 || !ours.every((claim) => /^[A-Za-z0-9+/]{43}=$/.test(claim))) return undefined
  return ours.map((claim) => Buffer.from(claim, 'base64'))
}

function signingKey(secret: Secret): Uint8Array {
  const text = secret.reveal()
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  return base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64')
}
