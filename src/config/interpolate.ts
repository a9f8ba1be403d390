import { nearest } from '../nearest.ts'
import type { Environment } from './environment.ts'
import type { ConfigProblem } from './finding.ts'
import type { Path } from './path.ts'
import { fillVariables, hasBrokenVariable, variablesIn } from './variables.ts'

export interface Interpolated {
  readonly tree: unknown
  readonly findings: readonly ConfigProblem[]
  /** Which variable stands where. */
  readonly uses: readonly VariableUse[]
}

export interface VariableUse {
  readonly path: Path
  readonly name: string
}

/** Fills the variables of every string scalar. A scalar that misses one stays as it is and is a finding. */
export function interpolate(tree: unknown, env: Environment): Interpolated {
  const findings: ConfigProblem[] = []
  const uses: VariableUse[] = []
  const visit = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') {
      uses.push(...variablesIn(value).map((name) => ({ path, name })))
      const faults = faultsOf(value, path, env)
      findings.push(...faults)
      return faults.length > 0 ? value : fillVariables(value, (name) => env[name] ?? '')
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]))
  }
  return { tree: visit(tree, []), findings, uses }
}

function faultsOf(text: string, path: Path, env: Environment): readonly ConfigProblem[] {
  const missing = variablesIn(text).filter((name) => env[name] === undefined)
  if (missing.length > 0) return missing.map((name) => missingVariable(name, path, env))
  if (!hasBrokenVariable(text)) return []
  return [
    {
      path,
      message: 'has a `${` without the name of an environment variable',
      hint: 'write `${NAME}`, or `$${` for the two characters themselves',
    },
  ]
}

function missingVariable(name: string, path: Path, env: Environment): ConfigProblem {
  const set = Object.keys(env).filter((other) => env[other] !== undefined)
  const known = nearest(name, set)
  const meant = known === undefined ? '' : ` (there is \`${known}\`)`
  return {
    path,
    message: `the environment variable \`${name}\` is not set${meant}`,
    hint: `set it, or write \`$$\{${name}}\` when the text itself is meant`,
  }
}
