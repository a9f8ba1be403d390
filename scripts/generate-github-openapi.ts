import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// The input is `generated/api.github.com.json` of the npm package @octokit/openapi: install that anywhere (it has
// 400 MB, so it is no dependency) and run `node scripts/generate-github-openapi.ts <folder of the package>`.

const target = join(import.meta.dirname, '../test/stand-ins/github/openapi.json')

/** Every operation that the stand-in for GitHub serves. */
const operations = [
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/commits/{ref}/statuses',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'POST /repos/{owner}/{repo}/statuses/{sha}',
  'GET /repos/{owner}/{repo}/installation',
  'GET /user',
  'GET /app',
  'POST /app/installations/{installation_id}/access_tokens',
]

/** Where the description is stricter than GitHub: a fork that is deleted, an author whose account is gone. */
const nullable = [
  'pull-request.head.repo',
  'pull-request.head.user',
  'pull-request.user',
  'pull-request-simple.head.repo',
]

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = Readonly<Record<string, Json>>

/** Keeps what a check needs, as JSON Schema (draft 7) in place of OpenAPI 3.0. */
function main([folder]: readonly string[]): void {
  if (folder === undefined) throw new Error('Name the folder of @octokit/openapi.')
  const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as JsonObject
  const description = read('generated/api.github.com.json')
  const kept = Object.fromEntries(operations.map((name) => [name, operationOf(description, name)]))
  const definitions = definitionsOf(description, kept)
  for (const path of nullable) widen(definitions, path)
  const { version } = read('package.json') as { readonly version: string }
  const source = `@octokit/openapi ${version}, api.github.com`
  writeFileSync(target, fixtureText({ source, operations: kept, definitions }))
}

function operationOf(description: JsonObject, name: string): JsonObject {
  const [method = '', path = ''] = name.split(' ')
  const operation = at(description, ['paths', path, method.toLowerCase()])
  const parameters = (operation['parameters'] ?? []) as readonly JsonObject[]
  const responses = operation['responses'] as Readonly<Record<string, JsonObject>>
  const body = operation['requestBody']
  return {
    parameters: parameters.map((parameter) => {
      const { name, in: place, required = false, schema = {} } = resolved(description, parameter)
      return { name: name ?? '', in: place ?? '', required, schema: schemaOf(schema) }
    }),
    body: body === undefined ? null : bodySchemaOf(description, body as JsonObject),
    answers: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [status, bodySchemaOf(description, response)]),
    ),
  }
}

/** Null: no body. */
function bodySchemaOf(description: JsonObject, holder: JsonObject): Json {
  const content = resolved(description, holder)['content'] as JsonObject | undefined
  const json = content?.['application/json'] as JsonObject | undefined
  return json === undefined ? null : schemaOf(json['schema'] ?? {})
}

function definitionsOf(description: JsonObject, from: Json): Record<string, Json> {
  const definitions: Record<string, Json> = {}
  const wanted = namesIn(from)
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (Object.hasOwn(definitions, name)) continue
    const schema = schemaOf(at(description, ['components', 'schemas', name]))
    definitions[name] = schema
    wanted.push(...namesIn(schema))
  }
  return Object.fromEntries(Object.entries(definitions).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function namesIn(value: Json): string[] {
  return [...JSON.stringify(value).matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name = '']) => name)
}

const dropped = [
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'deprecated',
  'readOnly',
  'default',
  'discriminator',
]

function schemaOf(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(schemaOf)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable = false, properties, $ref, ...rest } = schema as JsonObject
  const plain: Record<string, Json> = {}
  if (typeof $ref === 'string') plain['$ref'] = $ref.replace('#/components/schemas/', '#/definitions/')
  for (const [key, value] of Object.entries(rest))
    if (!dropped.includes(key) && !key.startsWith('x-')) plain[key] = schemaOf(value)
  if (properties !== undefined)
    plain['properties'] = Object.fromEntries(
      Object.entries(properties as JsonObject).map(([name, value]) => [name, schemaOf(value)]),
    )
  return nullable === true ? orNull(plain) : plain
}

function orNull(schema: Json): Json {
  return { anyOf: [schema, { type: 'null' }] }
}

/** `definition.property.property` may be null as well. */
function widen(definitions: Record<string, Json>, path: string): void {
  const [name = '', ...properties] = path.split('.')
  const change = (schema: Json, [first, ...others]: readonly string[]): Json => {
    if (first === undefined) return orNull(schema)
    const object = schema as JsonObject
    const inner = object['properties'] as JsonObject
    return { ...object, properties: { ...inner, [first]: change(inner[first] ?? {}, others) } }
  }
  definitions[name] = change(definitions[name] ?? {}, properties)
}

function resolved(description: JsonObject, value: JsonObject): JsonObject {
  const reference = value['$ref']
  return typeof reference === 'string' ? at(description, reference.slice(2).split('/')) : value
}

function at(value: JsonObject, keys: readonly string[]): JsonObject {
  return keys.reduce((inner, key) => {
    const next = inner[key]
    if (typeof next !== 'object' || next === null)
      throw new Error(`The description has no ${keys.join(' ')}.`)
    return next as JsonObject
  }, value)
}

/** One line for each operation and definition: compact, and a change can be read. */
function fixtureText({
  source,
  ...parts
}: Record<'operations' | 'definitions', JsonObject> & { source: string }): string {
  const sections = Object.entries(parts).map(([name, section]) => {
    const lines = Object.entries(section).map(
      ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    )
    return `${JSON.stringify(name)}: {\n${lines.join(',\n')}\n}`
  })
  return `{\n"source": ${JSON.stringify(source)},\n${sections.join(',\n')}\n}\n`
}

main(process.argv.slice(2))
