import { z } from 'zod'

/**
 * The scalars of the configuration. `errorMessage` says what is wanted, in reports and in editors; `hint` is the way out.
 * Whatever is no text is taken as text too, since an environment variable always is one.
 */
export function text(expected = 'text', hint?: string, pattern?: RegExp) {
  const schema = pattern === undefined ? z.string().min(1) : z.string().regex(pattern)
  return schema.meta({ errorMessage: `expected ${expected}`, ...(hint === undefined ? {} : { hint }) })
}

export function wholeNumber(least: number, most: number) {
  const inRange = (digits: string) => Number(digits) >= least && Number(digits) <= most
  return z
    .union([
      z.int().min(least).max(most),
      z
        .string()
        .regex(/^[0-9]{1,15}$/)
        .refine(inRange),
    ])
    .meta({ errorMessage: `expected a whole number from ${least} to ${most}` })
}

/** Two statuses of HTTP, the least and the greatest. */
export function statusRange() {
  return z.array(wholeNumber(100, 599)).length(2).meta({
    errorMessage: 'expected two statuses of HTTP',
    hint: 'write the least and the greatest: for example `[200, 399]`',
  })
}

/** A duration as `parseDuration` reads it. */
export function duration() {
  return text(
    'a duration',
    'write a number and one of ms, s, m, h, d: for example `30s`, `10m`, `72h`, `7d`',
    /^[0-9]{1,9}(ms|s|m|h|d)$/,
  )
}

/** A size as `parseSize` reads it. */
export function size() {
  return z
    .union([
      z
        .int()
        .min(1)
        .max(2 ** 30),
      z.string().regex(/^[1-9][0-9]{0,9}(B|KiB|MiB)?$/),
    ])
    .meta({
      errorMessage: 'expected a size',
      hint: 'write bytes, or a number and one of B, KiB, MiB: for example `1MiB`',
    })
}

export function flag() {
  return z.union([z.boolean(), z.enum(['true', 'false'])]).meta({ errorMessage: 'expected true or false' })
}

/** YAML 1.1 reads `on` and `off` as booleans: both are understood. */
export function onOff() {
  return z.union([z.enum(['on', 'off']), z.boolean()]).meta({ errorMessage: 'expected `on` or `off`' })
}

export function secretText() {
  return text('a secret', 'write `${NAME}` and set that environment variable')
}

export function list(item: z.ZodType<string, string>, expected: string) {
  return z
    .array(item)
    .meta({ errorMessage: `expected ${expected}`, hint: 'write one a line, each after `- `' })
}
