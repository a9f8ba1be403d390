import { processEnvironment } from '../config/environment.ts'
import { configPath, readConfig } from '../config/read-config.ts'
import { systemClock } from '../pace/clock.ts'
import { withFallback } from '../pace/deadline.ts'
import { startMayfly } from '../wire.ts'
import { stopSignal } from './stop-signal.ts'

const STOP_WITHIN_MS = 25_000
/** Of them, for a start that is under way. */
const START_WITHIN_MS = 5_000

/** Runs the service until SIGINT or SIGTERM, then ends gracefully. */
export async function serve(options: { readonly config?: string }): Promise<number> {
  const { config, warnings } = await readConfig(
    configPath(options.config, processEnvironment()),
    processEnvironment(),
  )
  const signalled = stopSignal()
  const starting = startMayfly(config)
  const early = await Promise.race([signalled.then(() => true), starting.then(() => false)])
  if (early) {
    // What is half begun, for example a connection to Redis that never answers, keeps nobody waiting.
    const ended = starting
      .then((mayfly) => mayfly.close(STOP_WITHIN_MS - START_WITHIN_MS))
      .catch(() => undefined)
    await withFallback(ended, { ms: STOP_WITHIN_MS, clock: systemClock, fallback: () => undefined })
    return 0
  }
  const mayfly = await starting
  for (const warning of warnings) mayfly.log.warn({ warning }, 'the configuration works but deserves a look')
  const signal = await signalled
  mayfly.log.info({ signal }, 'stopping: no new looks, running ones end')
  await mayfly.close(STOP_WITHIN_MS)
  return 0
}
