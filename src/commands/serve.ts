import { processEnvironment } from '../config/environment.ts'
import { configPath, readConfig } from '../config/read-config.ts'
import { startMayfly } from '../wire.ts'
import { stopSignal } from './stop-signal.ts'

const STOP_WITHIN_MS = 25_000

/** Runs the service until SIGINT or SIGTERM, then ends gracefully. */
export async function serve(options: { readonly config?: string }): Promise<number> {
  const { config, warnings } = await readConfig(
    configPath(options.config, processEnvironment()),
    processEnvironment(),
  )
  const mayfly = await startMayfly(config)
  for (const warning of warnings) mayfly.log.warn({ warning }, 'the configuration works but deserves a look')
  const signal = await stopSignal()
  mayfly.log.info({ signal }, 'stopping: no new looks, running ones end')
  await mayfly.close(STOP_WITHIN_MS)
  return 0
}
