import { processEnvironment } from '../config/environment.ts'
import { configPath, readConfig } from '../config/read-config.ts'
import { setPause } from '../wire/set-pause.ts'

/** `reason` null: previews go on again. */
export async function pauseCommand(options: {
  readonly config?: string
  readonly reason: string | null
  readonly json?: boolean
}): Promise<number> {
  const { config } = await readConfig(configPath(options.config, processEnvironment()), processEnvironment())
  const outcome = await setPause(config, options.reason)
  const said = { paused: options.reason !== null, reason: options.reason, changed: outcome === 'written' }
  const { branch } = config.environmentRepository
  if (options.json === true) process.stdout.write(`${JSON.stringify(said)}\n`)
  else process.stdout.write(`${inWords(said, branch)}\n`)
  return 0
}

function inWords(
  { paused, changed }: { readonly paused: boolean; readonly changed: boolean },
  branch: string,
): string {
  if (!changed) return paused ? 'Paused already, for this reason.' : 'Nothing was paused.'
  return paused
    ? `Paused: mayfly.pause is on ${branch}, and nothing more is written until mayfly resume.`
    : `Resumed: mayfly.pause is gone from ${branch}; what waited is written within a minute.`
}
