import type { Clock } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import { Stalled } from '../../preview/errors.ts'
import type { AgentDialect } from '../dialect.ts'
import type { FollowedPreviews } from '../follow/follow-previews.ts'

/** What in the agent's own set-up, or in our rights, will make trouble; each a sentence with its remedy. Never throws. */
export async function findWarnings(
  dialect: AgentDialect,
  followed: FollowedPreviews,
  complaints: readonly string[],
): Promise<readonly string[]> {
  const ofRoot = await rootWarnings(dialect, followed)
  return [...new Set([...followed.refusals(), ...complaints, ...ofRoot])]
}

async function rootWarnings(dialect: AgentDialect, followed: FollowedPreviews): Promise<readonly string[]> {
  try {
    return await dialect.warnings(followed.objects())
  } catch (error) {
    if (error instanceof Stalled) return [error.message]
    return [`the cluster is not followed: ${error instanceof Error ? error.message : 'unknown failure'}`]
  }
}

const EVERY_MS = 5_000

export interface WarningsMonitorOptions {
  /** Never throws. */
  readonly find: () => Promise<readonly string[]>
  readonly clock: Clock
  readonly log: Log
  readonly closed: AbortSignal
}

/** Looks for warnings from its start until `closed`, and logs each once when it comes and once when it is over. */
export function createWarningsMonitor({ find, clock, log, closed }: WarningsMonitorOptions) {
  let known: readonly string[] = []
  const isClosed = (): boolean => closed.aborted

  async function run(): Promise<void> {
    while (!isClosed()) {
      const now = await find()
      // What is let go of while it is asked is no trouble of the agent's.
      if (isClosed()) return
      for (const why of now.filter((one) => !known.includes(one)))
        log.warn({ why }, 'the agent needs attention')
      for (const why of known.filter((one) => !now.includes(one)))
        log.info({ why }, 'what the agent needed attention for is over')
      known = now
      await clock.sleep(EVERY_MS, closed).catch(() => undefined)
    }
  }

  return {
    start: (): void => void run(),
    /** Empty before the start. */
    last: (): readonly string[] => known,
  }
}
