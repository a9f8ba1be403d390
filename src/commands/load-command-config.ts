import type { Environment } from '../config/environment.ts'
import { type Loaded, readConfig } from '../config/load.ts'

/** The configuration a command works on: `--config`, else `MAYFLY_CONFIG`, else `mayfly.yaml` here. */
export function loadCommandConfig(options: { readonly config?: string }, env: Environment): Promise<Loaded> {
  return readConfig(options.config ?? env['MAYFLY_CONFIG'] ?? 'mayfly.yaml', env)
}
