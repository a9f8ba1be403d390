import type { Clock, Random } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import { createTokenQueue, type TokenQueue } from './publish/token-queue.ts'
import type { Report } from './publish/report.ts'
import type { ReportWriter } from './publish/publish-item.ts'
import { createWriteBudget, type WriteLimit } from './publish/write-budget.ts'

export interface PublisherOptions {
  /** By the forge's name in the configuration. */
  readonly writers: ReadonlyMap<string, ReportWriter>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Forges of one name here share a token, and so its limits; absent: each forge has a token of its own. */
  readonly tokenOf?: (forge: string) => string
  /** Per token; `politeLimits` unless a test says otherwise. */
  readonly limits?: readonly WriteLimit[]
  /** Merge requests whose last report is remembered; 10 000 unless said otherwise. */
  readonly remembered?: number
}

export interface Publisher {
  /**
   * Asks for a report and returns at once: files never wait for comments. The newest wish of a merge request replaces the
   * one before; what this process has already said is not even read again (law 6).
   */
  publish(report: Report): void
  /** Resolves when nothing waits any more: all said, or given up until it is wanted again. */
  idle(): Promise<void>
  /** Takes no more reports and ends the writes under way, within `deadlineMs`; the rest is found again by the next start's sweep. */
  stop(deadlineMs: number): Promise<void>
}

/** GitHub's limits on what makes content (80 a minute, 500 an hour), and our own of one a second. Other forges set none. */
const politeLimits: readonly WriteLimit[] = [
  { writes: 1, perMs: 1_000 },
  { writes: 80, perMs: 60_000 },
  { writes: 500, perMs: 3_600_000 },
]

/** Says on every merge request what was wished for, token by token, no faster than forges like. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { tokenOf = (forge: string) => forge } = options
  const queues = new Map<string, TokenQueue>()
  for (const token of new Set([...options.writers.keys()].map(tokenOf)))
    queues.set(
      token,
      createTokenQueue({
        ...options,
        budget: createWriteBudget(options.limits ?? politeLimits),
        remembered: options.remembered ?? 10_000,
      }),
    )

  return {
    publish(report) {
      queues.get(tokenOf(report.ref.forge))?.publish(report)
    },
    async idle() {
      await Promise.all([...queues.values()].map((queue) => queue.idle()))
    },
    async stop(deadlineMs) {
      await Promise.all([...queues.values()].map((queue) => queue.stop(deadlineMs)))
    },
  }
}
