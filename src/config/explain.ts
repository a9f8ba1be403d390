import type { z } from 'zod'
import { nearest } from '../nearest.ts'
import type { ConfigProblem } from './finding.ts'
import { type JsonSchema, schemaAt } from './json-schema.ts'
import type { Path } from './path.ts'
import { classOf, isSecretPath, type SourceView } from './source-view.ts'

type Issue = z.core.$ZodIssue

/** A complaint of the schema in our words. */
export function explain(issue: Issue, schema: JsonSchema, view: SourceView): readonly ConfigProblem[] {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, schema))
  const deeper = issue.code === 'invalid_union' ? insideOfUnion(issue) : undefined
  if (deeper !== undefined) return deeper.flatMap((inner) => explain(inner, schema, view))
  const node = schemaAt(schema, path) ?? {}
  if (view.value(path) === undefined) return [{ path, message: 'is missing', hint: wayOut(node) }]
  return [
    {
      path,
      message: `${expected(node)}, found ${found(path, view)}`,
      hint: wayOut(node, view.value(path)),
    },
  ]
}

/** The complaints of the one branch that has the right shape; undefined when none has. */
function insideOfUnion(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] | undefined {
  const branch = issue.errors.find(
    (issues) => issues.length > 0 && issues.every(({ path }) => path.length > 0),
  )
  return branch?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

function unknownKey(key: string, parent: Path, schema: JsonSchema): ConfigProblem {
  const known = Object.keys(schemaAt(schema, parent)?.properties ?? {})
  const meant = nearest(key, known)
  const hint = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean \`${meant}\`?`
  return { path: [...parent, key], message: 'unknown key', hint }
}

function expected({ errorMessage, enum: choices, type }: JsonSchema): string {
  if (errorMessage !== undefined) return errorMessage
  if (choices !== undefined)
    return `expected one of ${choices.map((choice) => `\`${String(choice)}\``).join(', ')}`
  return type === 'object' ? 'expected a mapping of settings' : 'expected something else'
}

function found(path: Path, view: SourceView): string {
  const value = view.value(path)
  const kind = classOf(value)
  if (isSecretPath(path))
    return typeof value === 'string' && value !== '' ? `text of ${value.length} characters` : kind
  const scalar = ['string', 'number', 'boolean'].includes(typeof value) && value !== ''
  if (!scalar) return kind
  return typeof value === 'boolean' ? view.shown(path) : `${kind} ${view.shown(path)}`
}

function wayOut(node: JsonSchema, value?: unknown): string {
  const { hint, examples, description, default: usual, enum: choices } = node
  const meant = choices === undefined ? undefined : nearest(String(value), choices.map(String))
  if (value !== undefined && meant !== undefined) return `did you mean \`${meant}\`?`
  if (hint !== undefined) return hint
  if (examples?.[0] !== undefined) return `for example \`${asText(examples[0])}\``
  if (['string', 'number', 'boolean'].includes(typeof usual)) return `left out it is \`${asText(usual)}\``
  return description === undefined ? 'see docs/configuration.md' : `it is for this: ${sentence(description)}`
}

function asText(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example)
}

function sentence(description: string): string {
  return `${description.charAt(0).toLowerCase()}${description.slice(1).replace(/\.$/, '')}`
}
