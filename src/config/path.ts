/** Where a value stands in the configuration: keys and indices from the root. */
export type Path = readonly (string | number)[]

/** As people write it, for example `applications[0].when.labels`; empty for the whole file. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => text + formatPart(part, text === ''), '')
}

function formatPart(part: string | number, first: boolean): string {
  if (typeof part === 'number') return `[${part}]`
  if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(part.slice(0, 80))}]`
  return first ? part : `.${part}`
}

/** What stands at `path` below `tree`; undefined where there is nothing. */
export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Readonly<Record<string | number, unknown>>)[part]
  }
  return value
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index])
}

/** Why `path` is no safe relative path of a Git tree, in words; undefined when it is one. */
export function pathFault(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path.startsWith('/')) return 'it begins with a slash'
  if (/[^\w./@+-]/.test(path)) return 'only letters, digits and `. _ - + @ /` may stand in it'
  const segments = path.split('/')
  if (segments.includes('')) return 'it holds an empty part'
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'it holds `.` or `..`'
  if (segments.some((segment) => segment.toLowerCase() === '.git')) return 'it holds `.git`'
  return path.startsWith('-') ? 'it begins with a dash' : undefined
}
