import { isList, isMap, type Tree, type TreeMap } from '../bind/tree.ts'
import { writeScalar } from './write-scalar.ts'

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
