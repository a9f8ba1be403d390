import type { RemovalCause } from '../preview/status.ts'
import type { RuleName, Ruling } from './ruling.ts'

/** The order in which people read them. */
const ruleOrder: readonly RuleName[] = ['selected', 'pause', 'trust', 'checks', 'image', 'place', 'policy']

export interface RulingsToExplain {
  readonly rulings: readonly Ruling[]
  /** Words for rules that nobody configured. */
  readonly unconfigured: Readonly<Partial<Record<RuleName, string>>>
  /** The rule after whose no the others were not asked; null: none. */
  readonly blockedBy: RuleName | null
  /** Words for whatever else was not asked. */
  readonly otherwise: string
}

/** Every rule once, in a fixed order; those that were not asked say why not. A no of one rule outweighs its other answers. Pure. */
export function explainRulings(input: RulingsToExplain): readonly Ruling[] {
  return ruleOrder.map((rule) => {
    const asked = input.rulings.filter((ruling) => ruling.rule === rule)
    const refused = asked.filter(({ answer }) => answer === 'no')
    const told = refused.length > 0 ? refused : asked
    const [first] = told
    if (first === undefined) return { rule, answer: 'not-asked', saw: whyNotAsked(rule, input) }
    return { rule, answer: first.answer, saw: told.map(({ saw }) => saw).join('; ') }
  })
}

function whyNotAsked(rule: RuleName, { unconfigured, blockedBy, otherwise }: RulingsToExplain): string {
  const words = unconfigured[rule]
  if (words !== undefined) return words
  return blockedBy === null || blockedBy === rule ? otherwise : `not asked while ${blockedBy} says no`
}

export interface ChangeQuestion {
  /** The rule that said no; null: none did. */
  readonly rule: RuleName | null
  /** What is known of who can do what about it; empty: nothing. */
  readonly advice: string
  /** How the merge request ended; null: it is open. */
  readonly ended: RemovalCause | null
  readonly application: string
}

/** What would bring another answer, in one or two sentences. Pure. */
export function whatWouldChange({ rule, advice, ended, application }: ChangeQuestion): string {
  if (ended === 'merged' || ended === 'gone') return 'Nothing: the merge request has ended.'
  if (ended === 'closed') return 'Opening the merge request again.'
  if (advice !== '') return advice
  switch (rule) {
    case null:
      return 'A push, a change of its template or of mayfly.yaml, or the end of the merge request.'
    case 'selected':
      return `A change of the merge request, or of \`when\` of the application ${application} in mayfly.yaml.`
    case 'pause':
      return 'The end of the pause.'
    case 'trust':
      return 'The approval of somebody who may write to the repository.'
    case 'checks':
      return 'Another word of CI about this commit, or a push.'
    case 'image':
      return 'The image in its registry, or a push.'
    case 'place':
      return 'The end of another preview.'
    case 'policy':
      return 'Another template, another policy in mayfly.yaml, or a push.'
  }
}
