import type { Brand } from './brand.ts'

/** `<forge>:<repository>#<number>`, for example `github:acme/shop#142`: the unit of work, and all the queue carries. */
export type MergeRequestKey = Brand<'MergeRequestKey'>

/** A merge request as this installation names it: `repository` is written as in the configuration. */
export interface MergeRequestRef {
  readonly forge: string
  readonly repository: string
  readonly number: number
}

/** @throws RangeError when a part is outside its alphabet. */
export function mergeRequestKey(ref: MergeRequestRef): MergeRequestKey {
  const key = `${ref.forge}:${ref.repository}#${ref.number}`
  parseMergeRequestKey(key)
  return key as MergeRequestKey
}

/** @throws RangeError when `text` is no key: what a queue gives back is not trusted either. */
export function parseMergeRequestKey(text: string): MergeRequestRef {
  const [, forge, repository, digits] =
    /^([a-z0-9][a-z0-9-]*):([^\s:#]+)#([1-9][0-9]{0,14})$/.exec(text) ?? []
  if (forge === undefined || repository === undefined)
    throw new RangeError(`not a merge request key: ${JSON.stringify(text.slice(0, 200))}`)
  return { forge, repository, number: Number(digits) }
}
