import { isTrue, operatorValue, type TemplateValue } from './template-value.ts'
import { calledName, evaluate, evaluateMustache, line } from './evaluate.ts'
import { asText } from './helpers.ts'
import { parseTemplate, refuseTemplate, type Template } from './parse-template.ts'
import { innerScope, rootScope, type Scope } from './scope.ts'
import { chooseMarker, token, type Tokens } from './tokens.ts'

/** The template's text with inert tokens where values belong. */
export interface Filled {
  readonly text: string
  readonly tokens: Tokens
  /** Where in the template line `n` of the text (counted from 1) begins. */
  readonly lineOf: (line: number) => number
}

/** Called for each value that is to be written; gives the text that holds its place. */
export type Print = (templateValue: TemplateValue, line: number) => string

const longestText = 256 * 1024
const mostSteps = 50_000

/** Runs a template with tokens for values. @throws Refused naming template, line and the way out. */
export function fill(template: Template, variables: object): Filled {
  const marker = chooseMarker(template.text)
  const values: TemplateValue[] = []
  const filled = run(template, variables, (templateValue) => {
    values.push(templateValue)
    const word = token(marker, values.length - 1)
    return templateValue.as === 'quoted' ? `"${word}"` : word
  })
  return { ...filled, tokens: { marker, values } }
}

/** Runs a template; `print` decides what stands for a value. */
export function run(template: Template, variables: object, print: Print): Omit<Filled, 'tokens'> {
  const output: Output = { name: template.name, print, chunks: [], lines: [1], length: 0, steps: 0 }
  walkAll(parseTemplate(template), variables, output)
  return {
    text: output.chunks.join(''),
    lineOf: (number) => output.lines[number - 1] ?? output.lines.at(-1) ?? 1,
  }
}

/** What has been written so far. */
interface Output {
  readonly name: string
  readonly print: Print
  readonly chunks: string[]
  /** For each line of the output the template's line it begins in. */
  readonly lines: number[]
  length: number
  steps: number
}

function walkAll(program: hbs.AST.Program, variables: object, output: Output): void {
  try {
    walk(program, rootScope(variables), output)
  } catch (error) {
    // Pure work on a tree of bounded size: only the depth of the template can exhaust the stack.
    if (error instanceof RangeError)
      refuseTemplate(output.name, 1, 'nests too deep: use fewer blocks inside blocks')
    throw error
  }
}

function walk(program: hbs.AST.Program | undefined, scope: Scope, output: Output): void {
  for (const statement of program?.body ?? []) {
    output.steps += 1
    if (output.steps > mostSteps)
      refuseTemplate(output.name, line(statement), 'repeats too often: loop over less')
    step(statement, scope, output)
  }
}

function step(statement: hbs.AST.Statement, scope: Scope, output: Output): void {
  if (statement.type === 'ContentStatement') content(statement as hbs.AST.ContentStatement, output)
  else if (statement.type === 'MustacheStatement')
    mustache(statement as hbs.AST.MustacheStatement, scope, output)
  else if (statement.type === 'BlockStatement') block(statement as hbs.AST.BlockStatement, scope, output)
  else if (statement.type !== 'CommentStatement') {
    const what = statement.type.includes('Partial') ? 'partials' : 'decorators'
    refuseTemplate(output.name, line(statement), `uses ${what}: they are not offered, write the text out`)
  }
}

function content(statement: hbs.AST.ContentStatement, output: Output): void {
  // `original` still has what whitespace control took away; its type in the library is wrong.
  const original = statement.original as unknown as string
  const skipped = newlines(original.slice(0, Math.max(0, original.indexOf(statement.value))))
  write(statement.value, line(statement) + skipped, output)
}

function mustache(statement: hbs.AST.MustacheStatement, scope: Scope, output: Output): void {
  const templateValue = evaluateMustache(statement, { name: output.name, scope })
  try {
    asText(templateValue)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    refuseTemplate(output.name, line(statement), error.message, calledName(statement.path))
  }
  write(output.print(templateValue, line(statement)), line(statement), output)
}

function block(statement: hbs.AST.BlockStatement, scope: Scope, output: Output): void {
  const name = calledName(statement.path)
  const [subject] = statement.params
  if (name !== 'if' && name !== 'unless' && name !== 'each')
    refuseTemplate(
      output.name,
      line(statement),
      'is no block: if, unless and each are, as in {{#if (eq a b)}}',
      name,
    )
  if (subject === undefined || statement.params.length > 1 || (statement.hash as unknown) !== undefined)
    refuseTemplate(output.name, line(statement), 'takes exactly one value', name)
  const templateValue = evaluate(subject, { name: output.name, scope }, true)
  if (name === 'each') each(statement, templateValue, scope, output)
  else walk(isTrue(templateValue) === (name === 'if') ? statement.program : statement.inverse, scope, output)
}

function each(statement: hbs.AST.BlockStatement, list: TemplateValue, scope: Scope, output: Output): void {
  const items = entries(list.value)
  if (items === undefined)
    refuseTemplate(
      output.name,
      line(statement),
      'is neither a list nor a mapping: each needs one',
      list.value,
    )
  if (items.length === 0) walk(statement.inverse, scope, output)
  const [itemName, keyName] = blockParams(statement)
  for (const [index, [key, value]] of items.entries()) {
    const item: TemplateValue = { ...list, value }
    const keyValue: TemplateValue = { ...list, value: key }
    const data = {
      index: operatorValue(index),
      key: keyValue,
      first: operatorValue(index === 0),
      last: operatorValue(index === items.length - 1),
    }
    const locals = { ...(itemName && { [itemName]: item }), ...(keyName && { [keyName]: keyValue }) }
    walk(statement.program, innerScope(scope, item, data, locals), output)
  }
}

function entries(value: unknown): readonly (readonly [number | string, unknown])[] | undefined {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item, index) => [index, item] as const)
  return typeof value === 'object' ? Object.entries(value) : undefined
}

/** The parser puts the names on the program inside the block; the type does not say so. */
function blockParams(statement: hbs.AST.BlockStatement): readonly string[] {
  return (statement.program as { blockParams?: readonly string[] }).blockParams ?? []
}

function write(chunk: string, templateLine: number, output: Output): void {
  output.length += chunk.length
  if (output.length > longestText)
    refuseTemplate(output.name, templateLine, 'renders more than 256 KiB: loop over less')
  output.chunks.push(chunk)
  const count = newlines(chunk)
  for (let number = 1; number <= count; number += 1) output.lines.push(templateLine + number)
}

function newlines(value: string): number {
  return value.split('\n').length - 1
}
