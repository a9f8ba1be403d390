import { processEnvironment } from '../config/environment.ts'
import { configPath, readConfig } from '../config/read-config.ts'
import { sweepOnce } from '../wire/sweep-once.ts'

/** One full look in this process; exit code 1 when something could not be read completely or stays undone. */
export async function sweepCommand(options: {
  readonly config?: string
  readonly confirmRemovals?: boolean
  readonly json?: boolean
}): Promise<number> {
  const { config } = await readConfig(configPath(options.config, processEnvironment()), processEnvironment())
  const swept = await sweepOnce(config, { confirmRemovals: options.confirmRemovals === true })
  if (options.json === true) process.stdout.write(`${JSON.stringify(swept)}\n`)
  else process.stdout.write(`${inWords(swept)}\n`)
  return swept.failed.length === 0 && swept.open.length === 0 ? 0 : 1
}

function inWords({ keys, failed, orphans, leftovers, open }: Awaited<ReturnType<typeof sweepOnce>>): string {
  return [
    `Looked at ${keys} merge requests.`,
    ...failed.map((failure) => `Not read completely, left as it is: ${failure}`),
    ...leftovers.map(
      (what) => `${what}: left over in the cluster without a manifest; Mayfly deletes nothing there`,
    ),
    ...orphans.map(({ path, why }) => `${path}: ${why}; kept`),
    ...open.map(({ key, why }) => `${key}: ${why}`),
  ].join('\n')
}
