import type { Config } from './config.ts'
import { ConfigError, type Problem } from './config-error.ts'
import { draftOf } from './draft.ts'
import type { Environment } from './environment.ts'
import { explain } from './explain.ts'
import { type ConfigProblem, problemsOf } from './finding.ts'
import { interpolate } from './interpolate.ts'
import { configJsonSchema } from './json-schema.ts'
import { normalise } from './normalise.ts'
import { samePath } from './path.ts'
import { readYaml } from './read-yaml.ts'
import type { ConfigRule } from './rule.ts'
import { cautions, rules } from './rules.ts'
import { configSchema } from './schema.ts'
import { createSourceView } from './source-view.ts'
import { withDefaults } from './with-defaults.ts'
import { withShownValues } from './with-shown-values.ts'

export interface ConfigSource {
  /** The name of the file, for the report. */
  readonly path: string
  readonly text: string
  readonly env: Environment
}

export interface LoadedConfig {
  /** Deep-frozen. */
  readonly config: Config
  /** What may be wrong but works, in order of line. */
  readonly warnings: readonly Problem[]
}

/**
 * Parse, fill in variables, check, normalise. Pure.
 * @throws ConfigError with every problem of the file at once.
 */
export function loadConfig({ path, text, env }: ConfigSource): LoadedConfig {
  const source = readYaml(text)
  if (!source.readable) throw new ConfigError(path, problemsOf(source.findings, source.lineOf))
  const filled = interpolate(source.tree, env)
  const view = createSourceView(source.tree, filled.tree)
  const broken = [...source.findings, ...filled.findings].map((finding) => finding.path)
  const checked = configSchema.safeParse(filled.tree)
  const issues = checked.error?.issues ?? []
  const draft = withDefaults(draftOf(filled.tree, issues, broken))
  const follow = (list: readonly ConfigRule[]) => list.flatMap((rule) => rule(draft, view, filled.uses))
  const refusals = issues
    .flatMap((issue) => explain(issue, configJsonSchema, view))
    .filter((finding) => !broken.some((other) => samePath(other, finding.path)))
  const findings: readonly ConfigProblem[] = [
    ...source.findings,
    ...filled.findings,
    ...refusals,
    ...follow(rules),
  ]
  if (findings.length > 0 || checked.data === undefined)
    throw new ConfigError(path, problemsOf(findings, source.lineOf))
  return {
    config: deepFreeze(
      withShownValues(normalise(configSchema.parse(withDefaults(filled.tree))), source.tree),
    ),
    warnings: problemsOf(follow(cautions), source.lineOf),
  }
}

/** Freezes `value` and everything in it; gives it back. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}
