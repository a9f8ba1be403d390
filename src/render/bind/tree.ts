/** What YAML and JSON have in common: a manifest as plain data. */
export type Tree = null | boolean | number | string | readonly Tree[] | TreeMap

export interface TreeMap {
  readonly [key: string]: Tree
}

/** A key of a mapping or an index of a list. */
export type PathPart = string | number

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree)
}

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree)
}

/** A text as it is; empty for everything else, whose type the schema complains about. */
export function textOf(tree: Tree | undefined): string {
  return typeof tree === 'string' ? tree : ''
}

/** The part at a path; undefined when there is none. Only own keys count. */
export function at(tree: Tree | undefined, path: readonly PathPart[]): Tree | undefined {
  let found: Tree | undefined = tree
  for (const segment of path) {
    if (isList(found) && typeof segment === 'number') found = found[segment]
    else if (isMap(found) && Object.hasOwn(found, segment)) found = found[segment]
    else return undefined
  }
  return found
}

/** A copy with another value at a path that exists. */
export function replacedAt(tree: Tree, path: readonly PathPart[], value: Tree): Tree {
  const [first, ...rest] = path
  if (first === undefined) return value
  if (isList(tree)) return tree.map((item, index) => (index === first ? replacedAt(item, rest, value) : item))
  if (!isMap(tree)) return tree
  // fromEntries makes own properties, whatever a key is called.
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => [key, key === first ? replacedAt(item, rest, value) : item]),
  )
}
