import type { Clock } from '../pace/clock.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import type { EnvironmentRepository } from './port.ts'

/** Knows whether the environment repository answers, and says so as long as it does not. */
export interface RepositoryMonitor {
  /** The same repository, heard by the monitor. */
  watch(repository: EnvironmentRepository): EnvironmentRepository
  /** One sentence while a human is needed, or nobody has answered for a while; asks by itself when nothing else has lately. */
  sentences(): readonly string[]
}

/** One lost connection heals by itself more often than not. */
const PATIENCE_MS = 20_000
/** While nothing happens nobody asks: then this often. */
const ASK_EVERY_MS = 20_000

interface Trouble {
  readonly error: RetryLater | Stalled
  readonly sinceMs: number
}

export function createRepositoryMonitor(clock: Clock): RepositoryMonitor {
  let trouble: Trouble | null = null
  let heardMs = clock.monotonicMs()
  let ask: () => Promise<unknown> = () => Promise.resolve()

  async function heard<Result>(work: Promise<Result>): Promise<Result> {
    try {
      const result = await work
      trouble = null
      return result
    } catch (error) {
      if (error instanceof RetryLater || error instanceof Stalled)
        trouble = { error, sinceMs: trouble?.sinceMs ?? clock.monotonicMs() }
      throw error
    } finally {
      heardMs = clock.monotonicMs()
    }
  }

  return {
    watch(repository) {
      ask = () => heard(repository.refresh())
      return {
        ...repository,
        // A view may be what is known already, and a change may be refused for its own sake: only this asks the server, for all.
        refresh: () => heard(repository.refresh()),
      }
    },
    sentences() {
      const now = clock.monotonicMs()
      if (now - heardMs >= ASK_EVERY_MS) {
        heardMs = now
        ask().catch(() => undefined)
      }
      if (trouble === null) return []
      const isSure = trouble.error instanceof Stalled || now - trouble.sinceMs >= PATIENCE_MS
      return isSure ? [`No preview is created, changed or removed: ${trouble.error.message}.`] : []
    },
  }
}
