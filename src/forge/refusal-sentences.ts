import type { Forge } from './port.ts'

/** A right that our token lacks in one repository, as its last refusal worded it. */
export interface Refusal {
  readonly forge: string
  readonly member: keyof Forge
  readonly repository: string
  /** In the forge's own words. */
  readonly right: string
  readonly words: string
  readonly since: Date
}

/** A token that lacks a right mostly lacks it everywhere: one sentence tells of all repositories where it does. */
export function refusalSentences(refusals: readonly Refusal[]): readonly string[] {
  const groups = new Map<string, [Refusal, ...Refusal[]]>()
  for (const refusal of refusals) {
    const key = `${refusal.forge} ${refusal.member} ${refusal.right}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [refusal])
    else group.push(refusal)
  }
  return [...groups.values()].map(sentence)
}

function sentence([first, ...others]: readonly [Refusal, ...Refusal[]]): string {
  const more = others.length === 0 ? '' : ` (and the same in ${others.length} more repositories)`
  return `Since ${first.since.toISOString()}: ${first.words}${more}`
}
