import { systemClock } from '../pace/clock.ts'
import type { Config } from '../config/config.ts'
import { processEnvironment } from '../config/environment.ts'
import { createLog } from '../log.ts'
import { createEnvironmentRepository } from './environment-repository.ts'
import { createForges } from './forges.ts'
import { secretsOf } from './secrets.ts'

/** Puts `mayfly.pause` with this reason on the environment branch, or takes it away (null). */
export async function setPause(config: Config, reason: string | null): Promise<'written' | 'unchanged'> {
  const environment = processEnvironment()
  const redact = secretsOf(config, environment)
  const log = createLog({ level: 'warn', pretty: false, destination: process.stderr, redact })
  const parts = { clock: systemClock, random: Math.random, log, environment }
  const { apps } = createForges(config, { ...parts, onCall: () => undefined })
  const repository = createEnvironmentRepository(config, { ...parts, apps, onPush: () => undefined })
  try {
    return await repository.setPause(reason)
  } finally {
    await repository.close()
  }
}
