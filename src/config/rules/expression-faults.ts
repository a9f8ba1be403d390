import { nearest } from '../../nearest.ts'
import type { ConfigProblem } from '../finding.ts'
import { type Path, valueAt } from '../path.ts'

/** What has an alphabet of its own. */
const usable = ['name', 'namespace', 'application', 'number', 'slug', 'sha', 'shortSha']
/** What people write freely: in an address it could lead a reader elsewhere. */
const untrusted = ['branch', 'targetBranch', 'author', 'title', 'labels', 'mergeRequestUrl', 'repository']
const taming = ['slug', 'sha256']
const helpers = [
  ...[
    'if',
    'unless',
    'each',
    'eq',
    'ne',
    'and',
    'or',
    'not',
    'default',
    'lower',
    'upper',
    'truncate',
    'json',
  ],
  ...['quote', 'int', 'bool', ...taming],
]

/** What is wrong with one `{{ }}` of a URL or image template; `values` are the application's own. */
export function expressionFaults(expression: string, values: unknown, path: Path): readonly ConfigProblem[] {
  const words = expression.replaceAll(/"[^"]*"|'[^']*'/g, '0').match(/[^\s()]+/g) ?? ['']
  const [first = '', ...rest] = words
  if (words.length === 1 && !/^[#/]|^else$/.test(first)) return variableFaults(first, values, path)
  const tamed = words.some((word) => taming.includes(word))
  const names = rest.filter((word) => !/^[0-9]+$|^(true|false|else)$/.test(word) && !helpers.includes(word))
  const faults = names.flatMap((name) =>
    tamed && untrusted.includes(headOf(name)) ? [] : variableFaults(name, values, path),
  )
  return [...helperFaults(first.replace(/^[#/]/, ''), path), ...faults]
}

function helperFaults(name: string, path: Path): readonly ConfigProblem[] {
  if (name === 'else' || helpers.includes(name)) return []
  const meant = nearest(name, helpers)
  const hint = meant === undefined ? `there is: ${helpers.join(', ')}` : `did you mean \`${meant}\`?`
  return [{ path, message: `there is no helper \`${name}\``, hint }]
}

function variableFaults(name: string, values: unknown, path: Path): readonly ConfigProblem[] {
  if (usable.includes(name)) return []
  const value = valueAt({ values }, name.split('.'))
  if (value !== undefined) return valueFaults(name, value, path)
  if (untrusted.includes(headOf(name))) {
    const hint = 'use `{{slug}}`, `{{number}}` or `{{name}}`'
    return [{ path, message: `\`{{${name}}}\` is free text and may not stand here`, hint }]
  }
  const known = [...usable, ...Object.keys(values ?? {}).map((key) => `values.${key}`)]
  const meant = nearest(name, known)
  const hint =
    meant === undefined ? `there is: ${usable.join(', ')}, values.*` : `did you mean \`{{${meant}}}\`?`
  return [{ path, message: `there is no variable \`{{${name}}}\``, hint }]
}

function valueFaults(name: string, value: unknown, path: Path): readonly ConfigProblem[] {
  if (typeof value !== 'object' || value === null) return []
  return [{ path, message: `\`{{${name}}}\` is no text`, hint: 'a list or mapping cannot stand here' }]
}

function headOf(name: string): string {
  return name.split('.')[0] ?? ''
}
