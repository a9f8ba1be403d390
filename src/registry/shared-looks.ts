import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'

interface SharedLook<Result> {
  readonly result: Promise<Result>
  /** Null: it is under way. */
  endedMs: number | null
}

const mostRemembered = 1000

/**
 * Those who ask for one key at once, or within `ms` after its answer, share it: many merge requests may wait for one image. An
 * error is shared by those alone who waited for it.
 */
export function createSharedLooks<Result>(
  ms: number,
  clock: Pick<Clock, 'monotonicMs'>,
): (key: string, work: () => Promise<Result>) => Promise<Result> {
  const looks = createBoundedMap<string, SharedLook<Result>>(mostRemembered)

  return (key, work) => {
    const known = looks.get(key)
    if (known !== undefined && (known.endedMs === null || clock.monotonicMs() - known.endedMs < ms))
      return known.result
    const look: SharedLook<Result> = { result: work(), endedMs: null }
    looks.set(key, look)
    look.result.then(
      () => (look.endedMs = clock.monotonicMs()),
      () => (look.endedMs = Number.NEGATIVE_INFINITY),
    )
    return look.result
  }
}
