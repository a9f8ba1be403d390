import type { z } from 'zod'
import { formatPath, type Path } from './path.ts'
import type { ConfigInput } from './schema.ts'

/** What is left of a file once everything that the schema refuses is taken out: the rules look at this. */
export type PartialConfig = DeepPartial<ConfigInput>

type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly (DeepPartial<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T

/** `refused`: the schema's complaints; `broken`: values whose variables are missing. */
export function draftOf(
  tree: unknown,
  refused: readonly z.core.$ZodIssue[],
  broken: readonly Path[],
): PartialConfig {
  const wrong = refused.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => path as Path)
  const out = new Set([...wrong, ...broken].map(formatPath))
  return without(tree, [], out) ?? {}
}

function without(value: unknown, path: Path, out: ReadonlySet<string>): unknown {
  if (out.has(formatPath(path))) return undefined
  if (Array.isArray(value)) return value.map((item, index) => without(item, [...path, index], out))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, without(item, [...path, key], out)]),
  )
}
