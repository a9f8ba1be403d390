import type { Clock } from '../../../src/pace/clock.ts'
import type { ForgeReply } from '../../../src/sandbox/forge/route.ts'

/** Counts the requests of each token in the minute: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ */
export interface Meter {
  /** Counts this request. Null: it may go on. */
  count(who: string): ForgeReply | null
  headers(who: string): Readonly<Record<string, string>>
}

const minuteMs = 60_000

export function createMeter(limit: number, clock: Clock): Meter {
  const used = new Map<string, { minute: number; requests: number }>()
  const minuteNow = () => Math.floor(clock.now().getTime() / minuteMs)
  const usedBy = (who: string) => {
    const known = used.get(who)
    const fresh = known?.minute === minuteNow() ? known : { minute: minuteNow(), requests: 0 }
    used.set(who, fresh)
    return fresh
  }
  return {
    count(who) {
      const now = usedBy(who)
      now.requests += 1
      if (now.requests <= limit) return null
      const seconds = (now.minute + 1) * 60 - Math.floor(clock.now().getTime() / 1000)
      const headers = { 'retry-after': String(seconds), 'content-type': 'text/plain' }
      return { status: 429, body: 'Retry later', headers }
    },
    headers(who) {
      const { minute, requests } = usedBy(who)
      return {
        'ratelimit-limit': String(limit),
        'ratelimit-name': 'throttle_authenticated_api',
        'ratelimit-observed': String(requests),
        'ratelimit-remaining': String(Math.max(limit - requests, 0)),
        'ratelimit-reset': String((minute + 1) * 60),
      }
    },
  }
}
