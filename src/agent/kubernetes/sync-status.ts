import { type Clock, type Moment, momentOf } from '../../pace/clock.ts'
import { RetryLater, type Stalled } from '../../preview/errors.ts'
import type { ResourceSelector } from '../cluster.ts'

/** Whether a copy is in step with the cluster, or since when and why it is not. */
export interface SyncStatus {
  /** It is in step now. */
  readonly synced: () => void
  /** A watch ended as it should; the next one is about to begin. */
  readonly paused: () => void
  readonly failed: (why: RetryLater | Stalled) => void
  /** @throws why, when it was never in step, or not for long. */
  readonly assertSynced: () => void
}

const LONG_MS = 30_000

export function createSyncStatus({ kind }: ResourceSelector, clock: Clock): SyncStatus {
  let everKept = false
  let since: Moment | null = momentOf(clock)
  let why: RetryLater | Stalled | null = null

  return {
    synced() {
      everKept = true
      since = null
      why = null
    },
    paused() {
      since ??= momentOf(clock)
    },
    failed(error) {
      since ??= momentOf(clock)
      why = error
    },
    assertSynced() {
      if (since === null) return
      if (everKept && clock.monotonicMs() - since.ms <= LONG_MS) return
      throw (
        why ??
        new RetryLater(`the ${kind.plural} of the cluster have not been read since ${since.at.toISOString()}`)
      )
    },
  }
}
