import type { FetchHeaders } from './create-fetch.ts'

/** What `Retry-After` asks for in ms: seconds or a date (RFC 9110 10.2.3), which may be past. Null: nothing readable. */
export function retryAfterOf(headers: FetchHeaders, now: Date): number | null {
  const text = headers.get('retry-after')
  if (text === null) return null
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at - now.getTime()
}
