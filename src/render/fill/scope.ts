import { derived, type Fact, operatorFact, property } from './fact.ts'

/** What names mean at one place of a template. */
export interface Scope {
  /** Innermost last; the first is the set of variables itself. */
  readonly contexts: readonly Context[]
  /** `@index`, `@key`, `@first`, `@last` of the innermost `each`. */
  readonly data: Readonly<Record<string, Fact>>
  /** Block parameters: `{{#each labels as |label|}}`. */
  readonly locals: Readonly<Record<string, Fact>>
}

interface Context {
  readonly fact: Fact
  /** The set of variables: its parts differ in origin. */
  readonly isRoot: boolean
}

export function rootScope(variables: object): Scope {
  return { contexts: [{ fact: derived(variables, []), isRoot: true }], data: {}, locals: {} }
}

export function innerScope(scope: Scope, fact: Fact, data: Scope['data'], locals: Scope['locals']): Scope {
  return {
    contexts: [...scope.contexts, { fact, isRoot: false }],
    data,
    locals: { ...scope.locals, ...locals },
  }
}

/** What a name stands for; undefined when it stands for nothing. */
export function lookUp(scope: Scope, path: hbs.AST.PathExpression): Fact | undefined {
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
  if (name === undefined) return context.fact
  if (!context.isRoot) return descend(context.fact, parts)
  const value = property(context.fact.value, name)
  return value === undefined ? undefined : descend(variable(name, value), deeper)
}

function variable(name: string, value: unknown): Fact {
  return name === 'values' || name === 'application'
    ? operatorFact(value)
    : { value, origin: 'forge', as: 'text' }
}

function descend(fact: Fact | undefined, parts: readonly string[]): Fact | undefined {
  if (fact === undefined) return undefined
  let { value } = fact
  for (const part of parts) value = property(value, part)
  return value === undefined ? undefined : { ...fact, value }
}

function own(facts: Readonly<Record<string, Fact>>, name: string | undefined): Fact | undefined {
  return name !== undefined && Object.hasOwn(facts, name) ? facts[name] : undefined
}

function isThis(path: hbs.AST.PathExpression): boolean {
  return /^(this\b|\.)/.test(path.original)
}
