import { type Path, valueAt } from './path.ts'
import { asWritten } from './variables.ts'

/** How rules and reports look at the file. */
export interface SourceView {
  /** The value at `path` with its variables filled in; undefined where there is none. Not checked. */
  value(path: Path): unknown
  /** How a report may name the value at `path`: as it stands in the file, so that no variable's value shows; no secret ever. */
  shown(path: Path): string
}

const secretKeys: readonly string[] = ['token', 'tokens', 'webhookSecret', 'privateKey', 'redis', 'password']

/** Whether the value at `path` must never be shown. */
export function isSecretPath(path: Path): boolean {
  return path.some((part) => secretKeys.includes(String(part))) && !path.includes('values')
}

/** `written` still has its variables marked, `filled` has their values. */
export function createSourceView(written: unknown, filled: unknown): SourceView {
  return {
    value: (path) => valueAt(filled, path),
    shown: (path) => (isSecretPath(path) ? 'a secret' : quoted(valueAt(written, path))),
  }
}

function quoted(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value !== 'string') return JSON.stringify(value)
  const oneLine = JSON.stringify(withoutCredentials(asWritten(value))).slice(1, -1)
  return `\`${oneLine.length > 100 ? `${oneLine.slice(0, 100)}…` : oneLine}\``
}

function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]*@/g, '//…@')
}

/** The class of a value, for example `an empty text`. */
export function classOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (value === '') return 'an empty text'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'boolean') return 'true or false'
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number'
  return 'text'
}
