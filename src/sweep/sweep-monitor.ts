import { type Clock, type Moment, momentOf } from '../pace/clock.ts'
import { Stalled } from '../preview/errors.ts'
import type { Orphan } from './sweep.ts'
import type { SourceRepository } from '../reconcile/source-repositories.ts'

/** Knows of every repository when its sweep was complete last, and what has gone wrong since. */
export interface SweepMonitor {
  completed(source: SourceRepository): void
  failed(source: SourceRepository, error: unknown): void
  /** What the newest sweep found on the branch that only a human can decide about. */
  found(orphans: readonly Orphan[]): void
  /** One sentence for every repository whose sweep keeps failing or is overdue; none when all is well. */
  sentences(): readonly string[]
}

export interface SweepMonitorOptions {
  readonly sources: readonly SourceRepository[]
  readonly everyMs: number
  readonly clock: Clock
}

interface Swept {
  /** The start of the process when it never was. */
  readonly complete: Moment
  readonly failures: number
  /** Of the last failure; null when there was none, or when the warning about the forge's refusals covers it. */
  readonly why: string | null
}

/** Whoever reads `/readyz` needs the kinds; the log of each sweep has them all. */
const mostOrphans = 20
/** One failure heals by itself more often than not. */
const manyFailures = 2
const overdueAfterIntervals = 3

export function createSweepMonitor({ sources, everyMs, clock }: SweepMonitorOptions): SweepMonitor {
  const swept = new Map<string, Swept>()
  const completedNow = (): Swept => ({
    complete: momentOf(clock),
    failures: 0,
    why: null,
  })
  const completed = (source: SourceRepository): void => {
    swept.set(nameOf(source), completedNow())
  }
  for (const source of sources) completed(source)
  let orphans: readonly Orphan[] = []
  return {
    completed,
    failed(source, error) {
      const name = nameOf(source)
      const before = swept.get(name) ?? completedNow()
      swept.set(name, { ...before, failures: before.failures + 1, why: whyOf(error) })
    },
    found(newest) {
      orphans = newest
    },
    sentences() {
      const overdue = clock.monotonicMs() - overdueAfterIntervals * everyMs
      const behind = [...swept].filter(([, one]) => one.failures >= manyFailures || one.complete.ms < overdue)
      return [
        ...behind.map(([name, one]) => sentence(name, one)),
        ...orphans.slice(0, mostOrphans).map(orphanSentence),
      ]
    },
  }
}

function orphanSentence({ path, why }: Orphan): string {
  return `${path} is kept, and so is what it deploys: ${why}. Delete it on the branch when it is not needed, or put right what is wrong with it.`
}

function sentence(name: string, { complete, failures, why }: Swept): string {
  const failed = failures === 0 ? '' : ` The last ${failures} failed${why === null ? '' : `: ${why}`}.`
  return `${name}: no sweep was complete since ${complete.at.toISOString()}, so what no webhook tells is not seen.${failed}`
}

function nameOf({ forge, repository }: SourceRepository): string {
  return `${forge}:${repository}`
}

function whyOf(error: unknown): string | null {
  if (error instanceof Stalled && error.right !== null) return null
  return error instanceof Error ? error.message : 'unknown failure'
}
