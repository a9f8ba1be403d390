import type { Clock } from '../clock.ts'
import { Stalled } from '../preview/errors.ts'
import type { SourceRepository } from './source-repositories.ts'

/** Knows of every repository when its sweep was complete last, and what has gone wrong since. */
export interface SweepMonitor {
  completed(source: SourceRepository): void
  failed(source: SourceRepository, error: unknown): void
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
  readonly completeAt: Date
  readonly failures: number
  /** Of the last failure; null when there was none, or when the warning about the forge's refusals covers it. */
  readonly why: string | null
}

/** One failure heals by itself more often than not. */
const manyFailures = 2
const overdueAfterIntervals = 3

export function createSweepMonitor({ sources, everyMs, clock }: SweepMonitorOptions): SweepMonitor {
  const swept = new Map<string, Swept>()
  const completed = (source: SourceRepository): void => {
    swept.set(nameOf(source), { completeAt: clock.now(), failures: 0, why: null })
  }
  for (const source of sources) completed(source)
  return {
    completed,
    failed(source, error) {
      const name = nameOf(source)
      const { completeAt, failures } = swept.get(name) ?? { completeAt: clock.now(), failures: 0 }
      swept.set(name, { completeAt, failures: failures + 1, why: whyOf(error) })
    },
    sentences() {
      const overdue = clock.now().getTime() - overdueAfterIntervals * everyMs
      return [...swept]
        .filter(([, one]) => one.failures >= manyFailures || one.completeAt.getTime() < overdue)
        .map(([name, one]) => sentence(name, one))
    },
  }
}

function sentence(name: string, { completeAt, failures, why }: Swept): string {
  const failed = failures === 0 ? '' : ` The last ${failures} failed${why === null ? '' : `: ${why}`}.`
  return `${name}: no sweep was complete since ${completeAt.toISOString()}, so what no webhook tells is not seen.${failed}`
}

function nameOf({ forge, repository }: SourceRepository): string {
  return `${forge}:${repository}`
}

function whyOf(error: unknown): string | null {
  if (error instanceof Stalled && error.right !== null) return null
  return error instanceof Error ? error.message : 'unknown failure'
}
