import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { configurationTables } from '../../scripts/configuration-tables.ts'
import { configJsonSchema, publishedSchema } from '../../src/config/json-schema.ts'
import { environment } from './contract.ts'
import { load } from './given.ts'

const example = readFileSync('mayfly.example.yaml', 'utf8')
const published = JSON.parse(readFileSync('mayfly.schema.json', 'utf8')) as Parameters<
  typeof z.fromJSONSchema
>[0]

describe('mayfly.schema.json', () => {
  it('is what the source says', () => {
    expect(published, 'run `npm run generate`').toEqual(JSON.parse(JSON.stringify(publishedSchema())))
  })

  it('takes the example with its variables still written', () => {
    expect(z.fromJSONSchema(published).safeParse(parse(example)).error).toBeUndefined()
  })

  it('refuses a misspelt key, a missing one and a wrong type', () => {
    const schema = z.fromJSONSchema(published)
    const file = parse(example) as Record<string, unknown>
    expect(schema.safeParse({ ...file, sweeep: {} }).success).toBe(false)
    expect(schema.safeParse({ ...file, forges: undefined }).success).toBe(false)
    expect(schema.safeParse({ ...file, server: { port: 'high' } }).success).toBe(false)
    expect(schema.safeParse({ ...file, sweep: { every: '10' } }).success).toBe(false)
  })

  it('describes every key', () => {
    expect(undescribed(publishedSchema() as Node)).toEqual([])
  })
})

it('docs/configuration.md is what the source says', () => {
  const written = readFileSync('docs/configuration.md', 'utf8')
  const advice = 'run `npm run generate`'
  expect(written.includes(configurationTables(configJsonSchema)), advice).toBe(true)
  expect(written.includes(example), advice).toBe(true)
})

it('the example file is a good configuration without warnings', () => {
  expect(load(example, environment).warnings).toEqual([])
})

interface Node {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

function undescribed(node: Node, path = ''): readonly string[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    ...(child.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(child, `${path}.${key}`),
  ])
  return node.items === undefined ? inner : [...inner, ...undescribed(node.items, `${path}[]`)]
}
