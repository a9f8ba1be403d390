import type { Clock } from '../../src/pace/clock.ts'

export interface VirtualClock extends Clock {
  /** Turns time from one sleeper to the next until `done` settles, and gives what it gives. */
  until<T>(done: Promise<T>): Promise<T>
  /** Turns time on by `ms`, waking who sleeps until then. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock back by `ms`, as an operator or NTP may; negative: forward. Durations know nothing of it. */
  setBack(ms: number): void
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Time that stands still unless a test turns it. */
export function createVirtualClock(start = '2026-11-21T10:00:00Z'): VirtualClock {
  /** Of the monotonic face. */
  let now = 0
  let wallOffset = Date.parse(start)
  const sleepers = new Set<Sleeper>()

  function earliest(): Sleeper | undefined {
    let first: Sleeper | undefined
    for (const sleeper of sleepers) if (first === undefined || sleeper.at < first.at) first = sleeper
    return first
  }

  async function turnTo(limit: number): Promise<boolean> {
    await settled()
    const next = earliest()
    if (next === undefined || next.at > limit) return false
    now = Math.max(now, next.at)
    sleepers.delete(next)
    next.wake()
    return true
  }

  return {
    now: () => new Date(wallOffset + now),
    monotonicMs: () => now,
    setBack(ms) {
      wallOffset -= ms
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve }
        const giveUp = () => {
          sleepers.delete(sleeper)
          reject(new Error('the sleep was ended'))
        }
        if (signal?.aborted === true) {
          giveUp()
          return
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', giveUp, { once: true })
      }),
    async until(done) {
      const state = { ended: false }
      const end = () => {
        state.ended = true
      }
      done.then(end, end)
      while (!(await hasEnded(state))) {
        if (!(await turnTo(Number.POSITIVE_INFINITY)) && !(await hasEnded(state)))
          throw new Error('nobody sleeps, and yet it is not done')
      }
      return done
    },
    async advance(ms) {
      const limit = now + ms
      while (await turnTo(limit));
      now = limit
      await settled()
    },
  }
}

async function hasEnded(state: { readonly ended: boolean }): Promise<boolean> {
  await settled()
  return state.ended
}

/** Lets everything run that waits for nothing but its turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
