import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import { wrongParameter } from './refusals.ts'

/** What a parameter may be; a list: one of these words. */
export type Kind = 'text' | 'number' | 'flag' | readonly string[]

export interface Parameters {
  readonly query: Readonly<Record<string, Kind>>
  readonly body: Readonly<Record<string, Kind>>
  /** Fields of the body that must be there. */
  readonly required: readonly string[]
}

export const pagination = { page: 'number', per_page: 'number' } as const

/**
 * What GitLab would refuse, and what it would silently drop: a parameter that it does not know is a mistake of whoever
 * asked, so it is a problem here.
 */
export function objectionsTo(
  { query, body }: Pick<ForgeRequest, 'query' | 'body'>,
  known: Parameters,
): { readonly refusal: ForgeReply | null; readonly unknown: readonly string[] } {
  const given = [
    ...[...query].map(([name, value]) => ({ name, value, kind: known.query[name] })),
    ...Object.entries(body).map(([name, value]) => ({ name, value, kind: known.body[name] })),
  ]
  const missing = known.required.find((name) => body[name] === undefined || body[name] === null)
  const wrong = given.find(({ value, kind }) => kind !== undefined && !fits(value, kind))
  return {
    unknown: given.filter(({ kind }) => kind === undefined).map(({ name }) => name),
    refusal: refusalOf(missing, wrong),
  }
}

function refusalOf(
  missing: string | undefined,
  wrong: { readonly name: string; readonly kind: Kind | undefined } | undefined,
): ForgeReply | null {
  if (missing !== undefined) return wrongParameter(`${missing} is missing`)
  if (wrong === undefined) return null
  const what = Array.isArray(wrong.kind) ? 'does not have a valid value' : 'is invalid'
  return wrongParameter(`${wrong.name} ${what}`)
}

/** A body that is JSON has types; a query is all text. */
function fits(value: unknown, kind: Kind): boolean {
  if (Array.isArray(kind)) return typeof value === 'string' && kind.includes(value)
  if (kind === 'number') return /^[1-9]\d*$/.test(String(value))
  if (kind === 'flag') return value === 'true' || value === 'false' || typeof value === 'boolean'
  return typeof value === 'string'
}
