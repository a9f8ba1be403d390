import { createHash } from 'node:crypto'
import type { RoutedRequest, ForgeReply } from '../../../src/sandbox/forge/route.ts'

/**
 * Tags a successful GET, and answers 304 without a body when the asker holds it already (RFC 9110 13.1.2). As GitHub's,
 * a tag is weak and good for one token only: the answer varies by `Authorization`.
 */
export function withEtag(asked: RoutedRequest, reply: ForgeReply): ForgeReply {
  if (asked.method !== 'GET' || reply.status !== 200) return reply
  const text = JSON.stringify([asked.headers.authorization, reply.headers, reply.body])
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`
  const headers = { ...reply.headers, etag, vary: 'Accept, Authorization, Cookie, X-GitHub-OTP' }
  const known = (asked.headers['if-none-match'] ?? '').split(/,\s*/)
  return known.includes(etag) ? { status: 304, headers } : { ...reply, headers }
}
