import type { DeliveryTold } from '../lifecycle/explanation.ts'
import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'
import type { MergeRequestKey } from '../preview/key.ts'

/** What the forge told this process of each merge request, for people who ask why. Memory only; no pass reads it (law 1). */
export interface DeliveryMemory {
  note(key: MergeRequestKey, delivery: Omit<DeliveryTold, 'at'>): void
  /** Newest first. */
  of(key: MergeRequestKey): readonly DeliveryTold[]
}

const mostKeys = 5_000
const mostOfOne = 10

export function createDeliveryMemory(clock: Pick<Clock, 'now'>): DeliveryMemory {
  const known = createBoundedMap<MergeRequestKey, readonly DeliveryTold[]>(mostKeys)
  return {
    note(key, { id, event, answer }) {
      const newest = { id, event, at: clock.now().toISOString(), answer }
      known.set(key, [newest, ...(known.get(key) ?? [])].slice(0, mostOfOne))
    },
    of: (key) => known.get(key) ?? [],
  }
}
