import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'

/** Who was told no lately. Memory only: a restart says it once more. */
export interface Denials {
  /** Whether a reply is due to somebody on a merge request; it counts as given. */
  readonly isDue: (mergeRequest: string, login: string) => boolean
}

const windowMs = 10 * 60_000
const most = 3
const keepCount = 5_000

/** Three replies in ten minutes for each person and merge request: whoever writes a hundred commands gets a hundred thumbs down, and quiet. */
export function createDenials(clock: Pick<Clock, 'monotonicMs'>): Denials {
  const told = createBoundedMap<string, readonly number[]>(keepCount)
  return {
    isDue(mergeRequest, login) {
      const who = `${mergeRequest} ${login.toLowerCase()}`
      const now = clock.monotonicMs()
      const lately = (told.get(who) ?? []).filter((at) => now - at < windowMs)
      if (lately.length >= most) return false
      told.set(who, [...lately, now])
      return true
    },
  }
}
