import { z } from 'zod'
import type { Path } from './path.ts'
import { configSchema } from './schema.ts'

/** The part of JSON Schema that our own schema uses. `errorMessage` is understood by editors; `hint` is ours. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly errorMessage?: string
  readonly hint?: string
}

/** `mayfly.yaml` as JSON Schema, 2020-12: what reports and the documentation say about each key. */
export const configJsonSchema = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema

const orVariable = '|\\$\\{'

/** The same for editors: `${NAME}` is welcome wherever a text is. */
export function publishedSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const { pattern, minLength = 0 } = jsonSchema
      delete jsonSchema['hint']
      if (pattern !== undefined && !pattern.endsWith(orVariable))
        jsonSchema.pattern = `${pattern}${orVariable}`
      if (minLength < 2) return
      delete jsonSchema.minLength
      jsonSchema.pattern = `^[\\s\\S]{${minLength},}$${orVariable}`
    },
  }) as JsonSchema
}

/** What the schema says about the value at `path`; undefined where it knows nothing. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  const [part, ...rest] = path
  if (part === undefined) return schema
  const child = typeof part === 'number' ? itemsOf(schema) : propertyOf(schema, part)
  return child === undefined ? undefined : schemaAt(child, rest)
}

function itemsOf(schema: JsonSchema): JsonSchema | undefined {
  return schema.items ?? schema.anyOf?.map(itemsOf).find((items) => items !== undefined)
}

function propertyOf({ properties }: JsonSchema, key: string): JsonSchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined
}
