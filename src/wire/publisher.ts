import type { Clock, Random } from '../clock.ts'
import type { Forge } from '../forge/port.ts'
import type { Log } from '../log.ts'
import { createPublisher, type Publisher } from '../report/publish.ts'
import type { WriteLimit } from '../report/publish/write-budget.ts'

export interface PublisherParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Absent: those that every forge is content with. */
  readonly limits?: readonly WriteLimit[]
}

/** One publisher for all forges; each keeps its own pace. */
export function createReportPublisher(writers: ReadonlyMap<string, Forge>, parts: PublisherParts): Publisher {
  return createPublisher({ writers, onWrite: () => undefined, ...parts })
}
