import { createHash } from 'node:crypto'
import { slugOf } from '../../preview/name.ts'
import { derived, type TemplateValue, isTrue } from './template-value.ts'

/** A helper gets the real values and gives a new one; it throws a RangeError that says what it needs. */
export interface Helper {
  readonly least: number
  readonly most: number
  /** Whether a value that is not there may be asked about. */
  readonly lenient: boolean
  readonly call: (args: readonly TemplateValue[]) => TemplateValue
}

export const helpers: ReadonlyMap<string, Helper> = new Map([
  ['eq', exactly(2, (args) => derived(same(args), args))],
  ['ne', exactly(2, (args) => derived(!same(args), args))],
  ['and', asking(1, 20, (args) => args.find((arg) => !isTrue(arg)) ?? last(args))],
  ['or', asking(1, 20, (args) => args.find(isTrue) ?? last(args))],
  ['not', asking(1, 1, (args) => derived(!isTrue(last(args)), args))],
  ['default', asking(2, 2, (args) => (isGiven(args[0]) ? args[0] : last(args)))],
  ['lower', exactly(1, (args) => derived(asText(args[0]).toLowerCase(), args))],
  ['upper', exactly(1, (args) => derived(asText(args[0]).toUpperCase(), args))],
  ['slug', exactly(1, (args) => derived(slugOf(asText(args[0])), args))],
  ['truncate', exactly(2, (args) => derived(truncate(asText(args[0]), whole(args[1])), args))],
  ['sha256', exactly(1, (args) => derived(sha256(asText(args[0])), args))],
  ['json', exactly(1, (args) => derived(JSON.stringify(args[0]?.value), args))],
  ['quote', exactly(1, (args) => derived(asText(args[0]), args, 'quoted'))],
  ['int', exactly(1, (args) => derived(whole(args[0]), args, 'typed'))],
  ['bool', exactly(1, (args) => derived(truth(args[0]), args, 'typed'))],
])

function exactly(count: number, call: Helper['call']): Helper {
  return { least: count, most: count, lenient: false, call }
}

function asking(least: number, most: number, call: Helper['call']): Helper {
  return { least, most, lenient: true, call }
}

/** The value as it is printed. @throws RangeError when it is a list, a mapping or nothing. */
export function asText(templateValue: TemplateValue | undefined): string {
  const value = templateValue?.value
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined)
    throw new RangeError('is empty here: write {{default … "…"}} or {{#if …}}')
  throw new RangeError(
    `is a ${Array.isArray(value) ? 'list' : 'mapping'}: use {{#each …}}, {{json …}} or one of its parts`,
  )
}

function same(args: readonly TemplateValue[]): boolean {
  return asText(args[0]) === asText(args[1])
}

function isGiven(templateValue: TemplateValue | undefined): templateValue is TemplateValue {
  return templateValue?.value !== undefined && templateValue.value !== null && templateValue.value !== ''
}

function last(args: readonly TemplateValue[]): TemplateValue {
  return args.at(-1) ?? derived(undefined, args)
}

/** Whole characters only, so that no emoji is cut in two; no dash at the end, so that it can be the end of a name. */
function truncate(value: string, length: number): string {
  return [...value].slice(0, Math.max(0, length)).join('').replace(/-+$/, '')
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}

function whole(templateValue: TemplateValue | undefined): number {
  const shown = asText(templateValue)
  const value = /^-?(0|[1-9][0-9]*)$/.test(shown) ? Number(shown) : Number.NaN
  if (!Number.isSafeInteger(value)) throw new RangeError('is no whole number')
  return value
}

function truth(templateValue: TemplateValue | undefined): boolean {
  const shown = asText(templateValue)
  if (shown !== 'true' && shown !== 'false') throw new RangeError('is neither true nor false')
  return shown === 'true'
}
