import type { JsonSchema } from '../src/config/json-schema.ts'

/** One table for every section of the configuration, in the order of the schema. */
export function configurationTables(schema: JsonSchema): string {
  return sectionsOf('', schema)
    .map(({ path, schema: section }) => table(path, section))
    .join('\n\n')
}

interface Section {
  readonly path: string
  readonly schema: JsonSchema
}

function sectionsOf(path: string, schema: JsonSchema): readonly Section[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const place = path === '' ? key : `${path}.${key}`
    if (child.properties !== undefined) return sectionsOf(place, child)
    return child.items?.properties === undefined ? [] : sectionsOf(`${place}[]`, child.items)
  })
  return [{ path, schema }, ...inner]
}

function table(path: string, schema: JsonSchema): string {
  const title = path === '' ? '### The whole file' : `### \`${path}\``
  const rows = Object.entries(schema.properties ?? {}).map(([key, child]) => row(key, child, schema))
  return [
    title,
    '',
    ...(path === '' ? [] : [schema.description ?? '', '']),
    '| Key | Type | Default | Meaning |',
    '|:--|:--|:--|:--|',
    ...rows,
  ].join('\n')
}

function row(key: string, child: JsonSchema, parent: JsonSchema): string {
  const required = parent.required?.includes(key) === true
  const cells = [`\`${key}\``, typeOf(child), defaultOf(child, required), meaningOf(child)]
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}

function typeOf(schema: JsonSchema): string {
  if (schema.properties !== undefined) return 'section'
  if (schema.items?.properties !== undefined) return 'list of sections'
  if (schema.anyOf?.some(({ pattern }) => pattern?.includes('KiB')) === true) return 'size'
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.flatMap(branchType))].join(', ')
  if (schema.enum !== undefined) return schema.enum.map((choice) => `\`${String(choice)}\``).join(', ')
  if (schema.type === 'array') return 'list of text'
  return nameOfType(schema.type)
}

/** A number may come from an environment variable, which is a text: nobody needs to read that in every row. */
function branchType(branch: JsonSchema, _index: number, branches: readonly JsonSchema[]): readonly string[] {
  const alsoNumber = branches.some(({ type }) => type === 'integer' || type === 'boolean')
  if (branch.type === 'string' && branch.enum === undefined && alsoNumber && branch.pattern !== undefined)
    return []
  if (branch.type === 'boolean' && branches.some(({ enum: choices }) => choices?.includes('on') === true))
    return []
  if (branch.enum?.includes('true') === true) return []
  return [typeOf(branch)]
}

function nameOfType(type: string | undefined): string {
  if (type === 'integer') return 'whole number'
  if (type === 'boolean') return 'true or false'
  return type === 'object' ? 'mapping' : 'text'
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return '**required**'
  if (schema.default === undefined || schema.properties !== undefined) return ''
  if (Array.isArray(schema.default) && schema.default.length > 3) return 'see below'
  return typeof schema.default === 'string'
    ? `\`${schema.default}\``
    : `\`${JSON.stringify(schema.default)}\``
}

function meaningOf({ description = '', examples, default: usual }: JsonSchema): string {
  const example = examples?.[0]
  const long = Array.isArray(usual) && usual.length > 3 ? ` Default: ${usual.map(String).join(', ')}.` : ''
  if (example === undefined) return `${description}${long}`
  return `${description}${long} Example: \`${typeof example === 'string' ? example : JSON.stringify(example)}\``
}
