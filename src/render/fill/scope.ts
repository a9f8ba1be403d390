import { derived, type TemplateValue, operatorValue, property } from './template-value.ts'

/** What names mean at one place of a template. */
export interface Scope {
  /** Innermost last; the first is the set of variables itself. */
  readonly contexts: readonly Context[]
  /** `@index`, `@key`, `@first`, `@last` of the innermost `each`. */
  readonly data: Readonly<Record<string, TemplateValue>>
  /** Block parameters: `{{#each labels as |label|}}`. */
  readonly locals: Readonly<Record<string, TemplateValue>>
}

interface Context {
  readonly templateValue: TemplateValue
  /** The set of variables: its parts differ in origin. */
  readonly isRoot: boolean
}

export function rootScope(variables: object): Scope {
  return { contexts: [{ templateValue: derived(variables, []), isRoot: true }], data: {}, locals: {} }
}

export function innerScope(
  scope: Scope,
  templateValue: TemplateValue,
  data: Scope['data'],
  locals: Scope['locals'],
): Scope {
  return {
    contexts: [...scope.contexts, { templateValue, isRoot: false }],
    data,
    locals: { ...scope.locals, ...locals },
  }
}

/** What a name stands for; undefined when it stands for nothing. */
export function lookUp(scope: Scope, path: hbs.AST.PathExpression): TemplateValue | undefined {
  const [first, ...rest] = path.parts
  if (path.data && first !== 'root') return descend(own(scope.data, first), rest)
  if (
    !path.data &&
    path.depth === 0 &&
    first !== undefined &&
    !isThis(path) &&
    Object.hasOwn(scope.locals, first)
  )
    return descend(scope.locals[first], rest)
  const context = path.data ? scope.contexts[0] : scope.contexts.at(-1 - path.depth)
  if (context === undefined) return undefined
  const parts = path.data ? rest : path.parts
  const [name, ...deeper] = parts
  if (name === undefined) return context.templateValue
  if (!context.isRoot) return descend(context.templateValue, parts)
  const value = property(context.templateValue.value, name)
  return value === undefined ? undefined : descend(variable(name, value), deeper)
}

function variable(name: string, value: unknown): TemplateValue {
  return name === 'values' || name === 'application'
    ? operatorValue(value)
    : { value, origin: 'forge', as: 'text' }
}

function descend(
  templateValue: TemplateValue | undefined,
  parts: readonly string[],
): TemplateValue | undefined {
  if (templateValue === undefined) return undefined
  let { value } = templateValue
  for (const part of parts) value = property(value, part)
  return value === undefined ? undefined : { ...templateValue, value }
}

function own(
  values: Readonly<Record<string, TemplateValue>>,
  name: string | undefined,
): TemplateValue | undefined {
  return name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined
}

function isThis(path: hbs.AST.PathExpression): boolean {
  return /^(this\b|\.)/.test(path.original)
}
