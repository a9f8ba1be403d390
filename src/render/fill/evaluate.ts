import { nearest } from '../../nearest.ts'
import { type TemplateValue, operatorValue } from './template-value.ts'
import { helpers } from './helpers.ts'
import { refuseTemplate } from './parse-template.ts'
import { lookUp, type Scope } from './scope.ts'

/** An expression at its place: `name` is the template's. */
export interface Place {
  readonly name: string
  readonly scope: Scope
}

/** Something that may be called: `{{lower branch}}` or `(eq a b)`. The parser leaves `hash` out where there is none. */
interface Call extends hbs.AST.Node {
  readonly path: hbs.AST.Expression
  readonly params: readonly hbs.AST.Expression[]
  readonly hash?: hbs.AST.Hash | undefined
}

/** The value of `{{…}}`. @throws Refused when a name or helper is unknown or the helper cannot take the value. */
export function evaluateMustache(mustache: hbs.AST.MustacheStatement, place: Place): TemplateValue {
  const call = mustache as Call
  return call.params.length === 0 && call.hash === undefined
    ? evaluate(call.path, place, false)
    : evaluateCall(call, place)
}

/** `lenient`: one of the operator's `values` that is not there is nothing instead of an error. */
export function evaluate(expression: hbs.AST.Expression, place: Place, lenient: boolean): TemplateValue {
  if (isPath(expression)) return lookUp(place.scope, expression) ?? missing(expression, place, lenient)
  if (isCall(expression)) return evaluateCall(expression, place)
  if (isLiteral(expression)) return operatorValue(expression.value)
  if (expression.type === 'UndefinedLiteral' || expression.type === 'NullLiteral') return operatorValue(null)
  return refuseTemplate(
    place.name,
    line(expression),
    `has an expression of a kind that is not offered: ${expression.type}`,
  )
}

/** The name a path calls a helper or block by. */
export function calledName(path: hbs.AST.Expression): string {
  return isPath(path) ? path.original : path.type
}

export function line(node: hbs.AST.Node): number {
  return node.loc.start.line
}

function evaluateCall(call: Call, place: Place): TemplateValue {
  const name = calledName(call.path)
  const helper = helpers.get(name)
  if (helper === undefined) return unknownHelper(name, call, place)
  if (call.hash !== undefined)
    refuseTemplate(place.name, line(call), `gives ${name} named arguments: it takes values only`)
  if (call.params.length < helper.least || call.params.length > helper.most)
    refuseTemplate(
      place.name,
      line(call),
      `gives ${name} ${call.params.length} values: it takes ${counts(helper)}`,
    )
  const args = call.params.map((param) => evaluate(param, place, helper.lenient))
  try {
    return helper.call(args)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    refuseTemplate(place.name, line(call), `${error.message} (in ${name})`, args[0]?.value)
  }
}

function counts({ least, most }: { readonly least: number; readonly most: number }): string {
  return least === most ? String(least) : `${least} to ${most}`
}

function unknownHelper(name: string, call: Call, place: Place): never {
  const names = [...helpers.keys()]
  const meant = nearest(name, names)
  const hint = meant === undefined ? `use one of ${names.join(' ')}` : `did you mean ${meant}?`
  refuseTemplate(place.name, line(call), `is no helper: ${hint}`, name)
}

function missing(path: hbs.AST.PathExpression, { name, scope }: Place, lenient: boolean): TemplateValue {
  if (lenient && path.parts[0] === 'values') return operatorValue(undefined)
  const root = scope.contexts[0]?.templateValue.value
  const names = knownNames(root, '')
  if (scope.contexts.length > 1 && names.includes(path.original))
    refuseTemplate(
      name,
      line(path),
      `is not part of this item: inside {{#each}} write @root.${path.original}`,
      path.original,
    )
  const meant = nearest(path.original, names)
  const hint = meant === undefined ? `known are ${names.join(' ').slice(0, 400)}` : `did you mean ${meant}?`
  refuseTemplate(name, line(path), `is not a variable: ${hint}`, path.original)
}

function knownNames(value: unknown, prefix: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    `${prefix}${key}`,
    ...(prefix.length > 100 ? [] : knownNames(inner, `${prefix}${key}.`)),
  ])
}

function isPath(expression: hbs.AST.Expression): expression is hbs.AST.PathExpression {
  return expression.type === 'PathExpression'
}

function isCall(expression: hbs.AST.Expression): expression is hbs.AST.SubExpression {
  return expression.type === 'SubExpression'
}

function isLiteral(
  expression: hbs.AST.Expression,
): expression is hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral {
  return ['StringLiteral', 'NumberLiteral', 'BooleanLiteral'].includes(expression.type)
}
