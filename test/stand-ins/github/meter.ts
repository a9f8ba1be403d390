import type { Clock } from '../../../src/pace/clock.ts'
import type { ForgeReply } from '../../../src/sandbox/forge/route.ts'
import { refused } from './refusals.ts'

/** Counts what each token has used of its hour. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export interface Meter {
  count(who: string): void
  headers(who: string): Readonly<Record<string, string>>
  /** Null while some is left. */
  refusal(who: string): ForgeReply | null
  /** All requests that counted, of all tokens. */
  total(): number
}

const windowMs = 60 * 60_000

export function createMeter(limit: number, clock: Clock): Meter {
  const windows = new Map<string, { used: number; readonly resetAt: number }>()
  const all = { counted: 0 }
  const windowOf = (who: string) => {
    const now = clock.now().getTime()
    const known = windows.get(who)
    if (known !== undefined && known.resetAt > now) return known
    const fresh = { used: 0, resetAt: now + windowMs }
    windows.set(who, fresh)
    return fresh
  }
  return {
    count(who) {
      windowOf(who).used += 1
      all.counted += 1
    },
    headers(who) {
      const { used, resetAt } = windowOf(who)
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(limit - used, 0)),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
        'x-ratelimit-resource': 'core',
      }
    },
    refusal: (who) =>
      windowOf(who).used < limit
        ? null
        : refused(
            403,
            'API rate limit exceeded for user ID 1.',
            'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
          ),
    total: () => all.counted,
  }
}
