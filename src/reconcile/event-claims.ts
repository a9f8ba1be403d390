import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Trigger } from '../preview/outcome.ts'
import type { EventClaim, MergeRequestReading } from '../preview/merge-request.ts'

/**
 * Forges answer what was true before the event for some seconds after it. An answer that contradicts the newest event is acted on like
 * any other, and asked for again after these pauses until it agrees: the event may also have been overtaken, or sent again late.
 */
export interface EventClaims {
  note(key: MergeRequestKey, claim: EventClaim): void
  /** Told of every answer about a merge request. */
  hear(key: MergeRequestKey, reading: MergeRequestReading): void
  stop(): void
}

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000]
const MOST_AT_ONCE = 10_000

interface Pending {
  readonly claim: EventClaim
  readonly over: AbortController
  /** Whether an answer was heard here that does not agree. */
  contradicted: boolean
}

export function createEventClaims({
  clock,
  again,
  othersReconcile,
}: {
  readonly clock: Clock
  /** One more pass; `sweep` hurries nothing and doubles nothing. */
  readonly again: (key: MergeRequestKey, trigger: Trigger) => Promise<unknown>
  /** Whether another process may have the pass, whose answers are not heard here. */
  readonly othersReconcile: boolean
}): EventClaims {
  const pending = createBoundedMap<MergeRequestKey, Pending>(MOST_AT_ONCE)

  async function askAgain(key: MergeRequestKey, one: Pending): Promise<void> {
    for (const ms of PAUSES_MS) {
      await clock.sleep(ms, one.over.signal).catch(() => undefined)
      if (one.over.signal.aborted) return
      // A key that only waits for its turn, or for a forge that is away, is not hurried.
      if (one.contradicted) await again(key, 'event').catch(() => undefined)
      else if (othersReconcile) await again(key, 'sweep').catch(() => undefined)
    }
    forget(key, one)
  }

  function forget(key: MergeRequestKey, one: Pending): void {
    one.over.abort()
    if (pending.get(key) === one) pending.delete(key)
  }

  return {
    note(key, claim) {
      pending.get(key)?.over.abort()
      const one = { claim, over: new AbortController(), contradicted: false }
      pending.set(key, one)
      void askAgain(key, one)
    },
    hear(key, reading) {
      const one = pending.get(key)
      if (one === undefined) return
      if (agrees(one.claim, reading)) forget(key, one)
      else one.contradicted = true
    },
    stop() {
      for (const one of pending.values()) one.over.abort()
    },
  }
}

function agrees({ sha, state }: EventClaim, reading: MergeRequestReading): boolean {
  if (reading.kind === 'gone') return state !== 'open'
  const { mergeRequest } = reading
  const isState = state === null || (mergeRequest.state === 'open') === (state === 'open')
  return isState && (sha === null || mergeRequest.sha === sha)
}
