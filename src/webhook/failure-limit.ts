import { ipKeyGenerator, type RateLimitRequestHandler, rateLimit, type Store } from 'express-rate-limit'
import type { Request, Response } from 'express'
import type { Clock } from '../clock.ts'

const windowMs = 60_000
const maxAddresses = 10_000

/**
 * Counts failed signatures by address and forge, and calls `onExceeded` instead of the next step when there were more
 * than `perMinute`. Only failures come here, so a genuine webhook is never held up, whoever else uses its address.
 */
export function createFailureLimit(options: {
  readonly perMinute: number
  readonly clock: Clock
  readonly onExceeded: (request: Request, response: Response) => void
}): RateLimitRequestHandler {
  return rateLimit({
    windowMs,
    limit: options.perMinute,
    keyGenerator: (request) =>
      `${String(request.params['forge'])} ${ipKeyGenerator(request.ip ?? 'unknown')}`,
    handler: options.onExceeded,
    store: boundedStore(options.clock),
    standardHeaders: false,
    legacyHeaders: false,
    // Its validations print to the console, past our log.
    validate: false,
  })
}

// The library's own store keeps every address of a window; this one forgets the oldest.
function boundedStore(clock: Clock): Store {
  const windows = new Map<string, { totalHits: number; readonly resetTime: Date }>()

  function open(key: string): { totalHits: number; readonly resetTime: Date } {
    const now = clock.now().getTime()
    const window = windows.get(key)
    if (window !== undefined && window.resetTime.getTime() > now) return window
    windows.delete(key)
    const [oldest] = windows.keys()
    if (oldest !== undefined && windows.size >= maxAddresses) windows.delete(oldest)
    const fresh = { totalHits: 0, resetTime: new Date(now + windowMs) }
    windows.set(key, fresh)
    return fresh
  }

  return {
    localKeys: true,
    increment(key) {
      const window = open(key)
      window.totalHits += 1
      return { ...window }
    },
    decrement(key) {
      open(key).totalHits -= 1
    },
    resetKey(key) {
      windows.delete(key)
    },
  }
}
