import { nearest } from '../../nearest.ts'
import { isList, isMap, type PathPart, type Tree, type TreeMap } from '../bind/tree.ts'
import type { Schema } from './schema.ts'

export interface Flaw {
  readonly path: readonly PathPart[]
  readonly value: Tree | undefined
  readonly advice: string
}

/** Where a tree is not what the schema asks for; empty when it is. */
export function checkSchema(schema: Schema, tree: Tree, path: readonly PathPart[] = []): readonly Flaw[] {
  if (tree === null)
    return schema.nullable === true || isAny(schema)
      ? []
      : [flaw(path, null, 'is empty: give it a value, or take the key out')]
  if (schema.intOrString === true) return intOrString(schema, tree, path)
  const wrong = wrongType(schema, tree)
  if (wrong !== undefined) return [flaw(path, tree, wrong)]
  if (isMap(tree)) return [...checkMap(schema, tree, path), ...missing(schema, tree, path)]
  if (isList(tree)) return checkList(schema, tree, path)
  return checkScalar(schema, tree, path)
}

function isAny(schema: Schema): boolean {
  return schema.free === true && schema.type === undefined
}

function intOrString(schema: Schema, tree: Tree, path: readonly PathPart[]): readonly Flaw[] {
  if (typeof tree === 'string' || (typeof tree === 'number' && Number.isInteger(tree)))
    return checkScalar({ ...schema, type: 'string' }, String(tree), path)
  if (typeof tree === 'number' && schema.pattern !== undefined) return checkScalar(schema, String(tree), path)
  return [flaw(path, tree, 'must be a whole number or a text')]
}

const kinds: Readonly<Record<string, readonly [string, (tree: Tree) => boolean]>> = {
  object: ['a mapping', isMap],
  array: ['a list', isList],
  string: ['a text: put it in quotes', (tree) => typeof tree === 'string'],
  integer: ['a whole number: take the quotes away, or write {{int …}}', (tree) => Number.isInteger(tree)],
  number: ['a number: take the quotes away', (tree) => typeof tree === 'number'],
  boolean: ['true or false: take the quotes away, or write {{bool …}}', (tree) => typeof tree === 'boolean'],
}

function wrongType({ type }: Schema, tree: Tree): string | undefined {
  const [name, holds] = (type === undefined ? undefined : kinds[type]) ?? []
  return holds === undefined || holds(tree) ? undefined : `must be ${String(name)}`
}

function checkMap(schema: Schema, tree: TreeMap, path: readonly PathPart[]): readonly Flaw[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const inner = propertySchema(schema, key)
    if (inner !== undefined) return checkSchema(inner, value, [...path, key])
    return schema.free === true ? [] : [flaw([...path, key], undefined, unknownKey(schema, key))]
  })
}

function propertySchema({ properties, additionalProperties }: Schema, key: string): Schema | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : additionalProperties
}

function unknownKey({ properties = {} }: Schema, key: string): string {
  const meant = nearest(key, Object.keys(properties))
  return `is no known key here: ${meant === undefined ? 'take it out' : `did you mean ${meant}?`}`
}

function missing({ required = [] }: Schema, tree: TreeMap, path: readonly PathPart[]): readonly Flaw[] {
  return required
    .filter((name) => !Object.hasOwn(tree, name))
    .map((name) => flaw([...path, name], undefined, 'is missing: add it'))
}

function checkList(
  { items, minItems = 0, maxItems = Infinity }: Schema,
  list: readonly Tree[],
  path: readonly PathPart[],
): readonly Flaw[] {
  const count =
    list.length < minItems || list.length > maxItems
      ? [flaw(path, undefined, `has ${list.length} items: it takes ${between(minItems, maxItems)}`)]
      : []
  return [
    ...count,
    ...list.flatMap((item, index) => (items === undefined ? [] : checkSchema(items, item, [...path, index]))),
  ]
}

function checkScalar(schema: Schema, tree: Tree, path: readonly PathPart[]): readonly Flaw[] {
  if (schema.enum !== undefined && !schema.enum.includes(tree))
    return [flaw(path, tree, `must be one of ${schema.enum.map(String).join(', ')}`)]
  if (typeof tree === 'number')
    return range(schema, tree) ? [] : [flaw(path, tree, `must be ${between(schema.minimum, schema.maximum)}`)]
  if (typeof tree !== 'string') return []
  const length = [...tree].length
  const { minLength = 0, maxLength = Infinity, pattern } = schema
  if (length < minLength || length > maxLength)
    return [flaw(path, tree, `has ${length} characters: it takes ${between(minLength, maxLength)}`)]
  return pattern === undefined || new RegExp(pattern, 'u').test(tree)
    ? []
    : [flaw(path, tree, `must match ${pattern}`)]
}

function range({ minimum = -Infinity, maximum = Infinity }: Schema, value: number): boolean {
  return value >= minimum && value <= maximum
}

function between(least = -Infinity, most = Infinity): string {
  if (most === Infinity) return `at least ${least}`
  return least === most ? `exactly ${least}` : `${least} to ${most}`
}

function flaw(path: readonly PathPart[], value: Tree | undefined, advice: string): Flaw {
  return { path, value, advice }
}
