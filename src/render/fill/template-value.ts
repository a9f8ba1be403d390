/** Where a value comes from: a merge request (anybody's text), or the operator's template and configuration. */
export type Origin = 'forge' | 'operator'

/**
 * A value with its origin, as expressions of a template pass it on. `text` becomes a string wherever it lands, `quoted`
 * a string in double quotes, `typed` a real number or boolean.
 */
export interface TemplateValue {
  readonly value: unknown
  readonly origin: Origin
  readonly as: 'text' | 'quoted' | 'typed'
}

export function operatorValue(value: unknown): TemplateValue {
  return { value, origin: 'operator', as: 'text' }
}

/** A new value made from others: once a forge had a hand in it, it stays untrusted. */
export function derived(
  value: unknown,
  sources: readonly TemplateValue[],
  as: TemplateValue['as'] = 'text',
): TemplateValue {
  return { value, origin: sources.some(({ origin }) => origin === 'forge') ? 'forge' : 'operator', as }
}

/** Handlebars' own idea of truth: nothing, false, zero, the empty text and the empty list are false. */
export function isTrue({ value }: TemplateValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** An own property of a value; undefined when there is none. Prototypes are never looked at. */
export function property(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Readonly<Record<string, unknown>>)[key]
}
