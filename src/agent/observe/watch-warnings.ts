import type { Clock } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import type { Agent } from '../port.ts'

const EVERY_MS = 5_000

/**
 * Asks an agent for its warnings from when it is watched until it is closed. The log tells of each once when it comes and once
 * when it is over.
 */
export function watchWarnings(
  agent: Agent,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): { readonly agent: Agent; readonly warnings: () => readonly string[] } {
  const closed = new AbortController()
  let known: readonly string[] = []

  async function ask(): Promise<void> {
    while (!closed.signal.aborted) {
      const now = await agent.warnings()
      for (const why of now.filter((one) => !known.includes(one)))
        log.warn({ why }, 'the agent needs attention')
      for (const why of known.filter((one) => !now.includes(one)))
        log.info({ why }, 'what the agent needed attention for is over')
      known = now
      await clock.sleep(EVERY_MS, closed.signal).catch(() => undefined)
    }
  }

  return {
    agent: {
      ...agent,
      watch: async (onHint) => {
        await agent.watch(onHint)
        void ask()
      },
      close: async () => {
        closed.abort()
        await agent.close()
      },
    },
    warnings: () => known,
  }
}
