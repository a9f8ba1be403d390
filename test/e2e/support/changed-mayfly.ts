import { loadConfig } from '../../../src/config/load.ts'
import { startMayfly } from '../../../src/wire.ts'
import type { Installation } from './installation.ts'

/** Runs an installation with another configuration while `act` goes on; afterwards it runs as before. */
export async function withConfig(
  mayfly: Installation,
  change: (configText: string) => string,
  act: () => Promise<void>,
): Promise<void> {
  const text = change(mayfly.configText)
  const { config } = loadConfig({ path: 'mayfly.yaml', text, env: {} })
  await mayfly.stop()
  const pace = { limits: [{ writes: 50, perMs: 1_000 }] }
  const changed = await startMayfly(config, { log: mayfly.log, pace })
  try {
    await act()
  } finally {
    await changed.close(10_000)
    await mayfly.start()
  }
}

/** For `withConfig`: it sweeps every two seconds. */
export function sweepingOften(configText: string): string {
  return configText.replace(/sweep: .*/, 'sweep: { every: 2s }')
}
