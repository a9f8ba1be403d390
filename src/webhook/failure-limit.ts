import { ipKeyGenerator, type RateLimitRequestHandler, rateLimit, type Store } from 'express-rate-limit'
import type { Request, Response } from 'express'
import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'

const windowMs = 60_000
const maxAddresses = 10_000

/**
 * Counts refusals by address and scope, for example signatures that fail at one forge, and calls `onExceeded` instead of the next step when there were more
 * than `perMinute`. Only failures come here, so a genuine webhook is never held up, whoever else uses its address.
 */
export function createFailureLimit(options: {
  readonly perMinute: number
  readonly clock: Clock
  /** What a request is counted under, beside its address; few values. */
  readonly scope: (request: Request) => string
  readonly onExceeded: (request: Request, response: Response) => void
}): RateLimitRequestHandler {
  return rateLimit({
    windowMs,
    limit: options.perMinute,
    keyGenerator: (request) => `${options.scope(request)} ${ipKeyGenerator(request.ip ?? 'unknown')}`,
    handler: options.onExceeded,
    store: boundedStore(options.clock),
    standardHeaders: false,
    legacyHeaders: false,
    // Its validations print to the console, past our log.
    validate: false,
  })
}

interface Window {
  totalHits: number
  readonly endsAtMs: number
}

// The library's own store keeps every address of a window; this one forgets the oldest.
function boundedStore(clock: Clock): Store {
  const windows = createBoundedMap<string, Window>(maxAddresses)

  function open(key: string): Window {
    const now = clock.monotonicMs()
    const window = windows.get(key)
    if (window !== undefined && window.endsAtMs > now) return window
    const fresh = { totalHits: 0, endsAtMs: now + windowMs }
    windows.set(key, fresh)
    return fresh
  }

  return {
    localKeys: true,
    increment(key) {
      const window = open(key)
      window.totalHits += 1
      const leftMs = window.endsAtMs - clock.monotonicMs()
      return { totalHits: window.totalHits, resetTime: new Date(clock.now().getTime() + leftMs) }
    },
    decrement(key) {
      open(key).totalHits -= 1
    },
    resetKey(key) {
      windows.delete(key)
    },
  }
}
