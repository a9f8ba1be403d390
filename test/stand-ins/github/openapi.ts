import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { RoutedRequest, ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'

/** A part of GitHub's OpenAPI description, as JSON Schema; scripts/generate-github-openapi.ts makes it. */
interface Description {
  readonly operations: Readonly<Record<string, Operation>>
  readonly definitions: Readonly<Record<string, object>>
}

interface Operation {
  readonly parameters: readonly {
    readonly name: string
    readonly in: 'path' | 'query' | 'header'
    readonly required: boolean
    readonly schema: object
  }[]
  /** Null: it takes none. */
  readonly body: { readonly properties?: Readonly<Record<string, object>> } | null
  /** By status; null: no body. */
  readonly answers: Readonly<Record<string, object | null>>
}

/** Says in words where a request or an answer is not as GitHub describes it; nothing to say is an empty list. */
export interface OpenApiCheck {
  readonly request: (request: ForgeRequest) => readonly string[]
  readonly answer: (asked: RoutedRequest, reply: ForgeReply) => readonly string[]
}

const description = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as Description

/** Errors are described for few operations, but look alike everywhere. */
const anyError: object = { $ref: '#/definitions/basic-error' }
const mostPerPage = 100

// Compiling takes longer than all else: once for all stand-ins of a test file.
const strict = compiler(false)
const coercing = compiler(true)

export function createOpenApiCheck(): OpenApiCheck {
  return {
    request(request) {
      const { name, operation } = operationOf(request)
      const problems = [
        ...parameterProblems(coercing, operation, request),
        ...bodyProblems(strict, operation, request),
      ]
      return problems.map((problem) => `request ${name}: ${problem}`)
    },
    answer(asked, { status, body }) {
      if (asked.route === null) return []
      const { name, operation } = operationOf(asked)
      const schema = operation.answers[status] ?? (status >= 300 && body !== undefined ? anyError : null)
      const problems = answerProblems(strict, schema, body)
      return problems.map((problem) => `answer ${status} of ${name}: ${problem}`)
    },
  }
}

type Compile = (schema: object) => ValidateFunction

function compiler(coerceTypes: boolean): Compile {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes })
  formats.default(ajv)
  ajv.addFormat('timestamp', true)
  const compiled = new Map<object, ValidateFunction>()
  return (schema) => {
    const known = compiled.get(schema)
    if (known !== undefined) return known
    const validate = ajv.compile({ properties: { value: schema }, definitions: description.definitions })
    compiled.set(schema, validate)
    return validate
  }
}

/** `/repositories/:repository_id` is the same repository under the address that redirects lead to. */
function operationOf({ route, method }: RoutedRequest): {
  readonly name: string
  readonly operation: Operation
} {
  const path = (route?.path ?? '')
    .replace('/repositories/:repository_id', '/repos/:owner/:repo')
    .replaceAll(/:(\w+)/g, '{$1}')
  const name = `${method} ${path}`
  const operation = description.operations[name]
  if (operation === undefined) throw new Error(`openapi.json has no operation ${name}`)
  return { name, operation }
}

function parameterProblems(compile: Compile, operation: Operation, request: ForgeRequest): string[] {
  const values = new Map<string, string>([...Object.entries(request.parts), ...request.query])
  const known = operation.parameters.map(({ name }) => name)
  const unknown = [...request.query.keys()].filter((name) => !known.includes(name))
  const problems = unknown.map((name) => `there is no query parameter ${name}`)
  if (Number(request.query.get('per_page') ?? 0) > mostPerPage)
    problems.push(`per_page is above ${mostPerPage}`)
  for (const { name, schema } of operation.parameters) {
    const value = values.get(name)
    if (value !== undefined) problems.push(...problemsOf(compile(schema), value))
  }
  return problems
}

function bodyProblems(compile: Compile, { body }: Operation, request: ForgeRequest): string[] {
  const given = Object.keys(request.body)
  if (body === null) return given.length === 0 ? [] : ['it takes no body']
  const known = Object.keys(body.properties ?? {})
  const unknown = given.filter((name) => !known.includes(name))
  return [...unknown.map((name) => `there is no field ${name}`), ...problemsOf(compile(body), request.body)]
}

function answerProblems(compile: Compile, schema: object | null, body: unknown): string[] {
  if (schema === null) return body === undefined ? [] : ['a body that is not described']
  return body === undefined ? ['no body'] : problemsOf(compile(schema), body)
}

function problemsOf(validate: ValidateFunction, value: unknown): string[] {
  // Ajv may coerce what it is given.
  if (validate({ value: structuredClone(value) })) return []
  return (validate.errors ?? []).map(({ instancePath, message }) =>
    `${instancePath.slice('/value'.length)} ${message ?? ''}`.trim(),
  )
}
