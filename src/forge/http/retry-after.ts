/** No forge is waited for longer than this, whatever it says: the sweep looks anyway. */
const longestMs = 60 * 60 * 1000

/**
 * How long the forge asks to wait, in ms, from `Retry-After` (seconds or a date, RFC 9110 10.2.3), else from a spent rate
 * budget and its reset time (GitHub, GitLab); null when it does not say.
 */
export function retryAfterMs(headers: Headers, now: Date): number | null {
  const asked = fromRetryAfter(headers.get('retry-after'), now) ?? fromSpentBudget(headers, now)
  return asked === null ? null : Math.min(Math.max(asked, 0), longestMs)
}

function fromRetryAfter(text: string | null, now: Date): number | null {
  if (text === null) return null
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at - now.getTime()
}

function fromSpentBudget(headers: Headers, now: Date): number | null {
  const remaining = headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining')
  const reset = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset')
  if (remaining?.trim() !== '0' || reset === null || !/^\d{1,12}$/.test(reset.trim())) return null
  return Number(reset) * 1000 - now.getTime()
}
