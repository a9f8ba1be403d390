import { isList, isMap, type Tree, type TreeMap } from '../bind/tree.ts'
import { isTypedText } from '../typed-text.ts'

const escaped = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g

const unusual = /[^\u0020-\u007e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u

/**
 * A tree as YAML, always the same bytes for the same tree. Every reader, of YAML 1.1 or 1.2, sees the same types in it:
 * a text is left without quotes only when no reader can take it for anything else.
 */
export function writeTree(tree: Tree): string {
  if (isMap(tree) && Object.keys(tree).length > 0) return lines(mapLines(tree))
  if (isList(tree) && tree.length > 0) return lines(listLines(tree))
  return `${writeEmptyOrScalar(tree, '')}\n`
}

function lines(written: readonly string[]): string {
  return `${written.join('\n')}\n`
}

function mapLines(map: TreeMap): readonly string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const name = writeScalar(key, undefined)
    const inner = innerLines(value)
    return inner === undefined
      ? [`${name}: ${writeEmptyOrScalar(value, '  ')}`]
      : [`${name}:`, ...inner.map(indent)]
  })
}

function listLines(list: readonly Tree[]): readonly string[] {
  return list.flatMap((item) => {
    const inner = innerLines(item)
    if (inner === undefined) return [`- ${writeEmptyOrScalar(item, '  ')}`]
    return inner.map((line, index) => (index === 0 ? `- ${indent(line).slice(2)}` : indent(line)))
  })
}

/** Undefined when the value fits behind its key. */
function innerLines(value: Tree): readonly string[] | undefined {
  if (isMap(value) && Object.keys(value).length > 0) return mapLines(value)
  return isList(value) && value.length > 0 ? listLines(value) : undefined
}

function writeEmptyOrScalar(value: Tree, indentation: string): string {
  if (isMap(value)) return '{}'
  if (isList(value)) return '[]'
  return writeScalar(value, indentation)
}

/** A line of a literal block stands within one string: each of its lines goes deeper. */
function indent(line: string): string {
  return line
    .split('\n')
    .map((part) => (part === '' ? '' : `  ${part}`))
    .join('\n')
}

/** A scalar as YAML. `indentation` is that of a literal block's lines; undefined where no block may stand (in keys). */
function writeScalar(value: string | number | boolean | null, indentation: string | undefined): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value)
  if (isPlain(value)) return value
  if (indentation !== undefined && isBlock(value)) return block(value, indentation)
  return quoted(value)
}

/** One word that begins with a letter and that no YAML takes for a boolean, a number (`e1`) or nothing. */
function isPlain(value: string): boolean {
  return /^[A-Za-z](?:[A-Za-z0-9_./@+=-]|:(?=[A-Za-z0-9_./@]))*$/.test(value) && !isTypedText(value)
}

/** Several lines of ordinary characters that a literal block keeps exactly. */
function isBlock(value: string): boolean {
  return (
    /^[^ \t\n].*\n/.test(value) &&
    !/\n\n$|[ \t](\n|$)|\n\t/.test(value) &&
    !unusual.test(value.replaceAll('\n', ''))
  )
}

function block(value: string, indentation: string): string {
  const ends = value.endsWith('\n')
  const lines = (ends ? value.slice(0, -1) : value).split('\n')
  return [ends ? '|' : '|-', ...lines.map((line) => (line === '' ? '' : `${indentation}${line}`))].join('\n')
}

/** Double quotes as in JSON; what some reader refuses, or takes for a line break, is escaped. */
function quoted(value: string): string {
  return JSON.stringify(value.toWellFormed()).replaceAll(escaped, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}
