import type { Config } from './config.ts'
import { valueAt } from './path.ts'
import { asWritten } from './variables.ts'
import { withDefaults } from './with-defaults.ts'

/** Law 10: an application's values as they stand in the file, `${NAME}` for what came from a variable, for everybody to see. */
export function withShownValues(config: Config, tree: unknown): Config {
  const written = withDefaults(tree)
  const applications = config.applications.map((application, index) => ({
    ...application,
    shownValues: (shown(valueAt(written, ['applications', index, 'values'])) ?? {}) as Readonly<
      Record<string, unknown>
    >,
  }))
  return { ...config, applications }
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return asWritten(value)
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [asWritten(key), shown(one)]))
}
