import { isList, isMap, type PathPart, type Tree } from './tree.ts'

/** A path as people write it: `spec.sources[0].helm`, `metadata.labels["app.kubernetes.io/name"]`. */
export function showPath(path: readonly PathPart[]): string {
  let shown = ''
  for (const segment of path) {
    if (typeof segment === 'number') shown += `[${segment}]`
    else if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(segment)) shown += shown === '' ? segment : `.${segment}`
    else shown += `[${JSON.stringify(segment.slice(0, 80))}]`
  }
  return shown === '' ? '(top)' : shown
}

/**
 * A pattern of paths: `spec.sources[].helm.values`. `[]` is any index, `*` any one segment, a final `**` any rest (or
 * none).
 */
export function matchesPath(pattern: string, path: readonly PathPart[]): boolean {
  const wanted = segments(pattern)
  const open = wanted.at(-1) === '**'
  const fixed = open ? wanted.slice(0, -1) : wanted
  if (open ? path.length < fixed.length : path.length !== fixed.length) return false
  return fixed.every((segment, index) => matchesSegment(segment, path[index]))
}

/** Every part of a tree whose path matches the pattern (without `**`), with its path. */
export function partsAt(tree: Tree, pattern: string): readonly Part[] {
  let parts: readonly Part[] = [{ path: [], value: tree }]
  for (const segment of segments(pattern)) parts = parts.flatMap((part) => children(part, segment))
  return parts
}

export interface Part {
  readonly path: readonly PathPart[]
  readonly value: Tree
}

function children({ path, value }: Part, segment: string): readonly Part[] {
  if (isList(value))
    return segment === '[]' || segment === '*'
      ? value.map((item, index) => ({ path: [...path, index], value: item }))
      : []
  if (!isMap(value) || segment === '[]') return []
  return Object.entries(value)
    .filter(([key]) => segment === '*' || segment === key)
    .map(([key, item]) => ({ path: [...path, key], value: item }))
}

function segments(pattern: string): readonly string[] {
  return pattern
    .replaceAll('[]', '.[]')
    .split('.')
    .filter((segment) => segment !== '')
}

function matchesSegment(wanted: string, segment: PathPart | undefined): boolean {
  if (wanted === '*') return true
  return wanted === '[]' ? typeof segment === 'number' : segment === wanted
}
