import type { View } from '../environment-repository/port.ts'
import type { Held, Ruling } from '../lifecycle/ruling.ts'
import type { DesiredState } from '../preview/desired-state.ts'
import type { MergeRequest, MergeRequestReading } from '../preview/merge-request.ts'
import type { RuleTold } from '../preview/status.ts'
import type { Refusal } from '../render/render.ts'

const mostLabels = 20
const mostRefusals = 5

/** Whether the merge request gets a preview at all, and what of it was looked at. */
export function selectedRuling(desired: DesiredState, reading: MergeRequestReading): Ruling {
  const seen = reading.kind === 'found' ? seenOf(reading.mergeRequest) : null
  if (desired.kind === 'present')
    return { rule: 'selected', answer: 'yes', saw: seenOf(desired.mergeRequest) }
  return { rule: 'selected', answer: 'no', saw: seen === null ? desired.why : `${desired.why} (${seen})` }
}

function seenOf({ state, author, branch, targetBranch, labels, draft, fork }: MergeRequest): string {
  const shown = labels.slice(0, mostLabels).join(', ')
  const more = labels.length > mostLabels ? ` and ${labels.length - mostLabels} more` : ''
  return [
    state,
    ...(draft ? ['a draft'] : []),
    `by ${author.login}${author.bot ? ', a bot' : ''}`,
    `${branch} into ${targetBranch}`,
    ...(fork === false ? [] : [fork === true ? 'from a fork' : 'its repository is not told']),
    labels.length === 0 ? 'no labels' : `labels ${shown}${more}`,
  ].join(', ')
}

/** `reason`: what `mayfly.pause` on the branch says. */
export function pauseRuling(reason: ReturnType<View['pause']>): Ruling {
  if (reason === null) return { rule: 'pause', answer: 'yes', saw: 'nothing is paused' }
  return { rule: 'pause', answer: 'no', saw: `previews are paused: ${reason}` }
}

/** `held` null: there is a place. */
export function placeRuling(held: Held | null): Ruling {
  if (held === null) return { rule: 'place', answer: 'yes', saw: 'a place is free' }
  return { rule: 'place', answer: 'no', saw: held.message }
}

export function policyRuling(refusals: readonly Refusal[]): Ruling {
  if (refusals.length === 0) return { rule: 'policy', answer: 'yes', saw: 'the manifest passes' }
  const shown = refusals.slice(0, mostRefusals).map(refusalWords).join('; ')
  const more = refusals.length > mostRefusals ? `; and ${refusals.length - mostRefusals} more` : ''
  return { rule: 'policy', answer: 'no', saw: `${shown}${more}` }
}

export function refusalWords({ path, message, rule }: Refusal): string {
  return `${path}: ${message} (rule ${rule})`
}

/** Those that said no, as the status tells them. */
export function refusing(rulings: readonly Ruling[]): readonly RuleTold[] {
  return rulings.filter(({ answer }) => answer === 'no').map(({ rule, saw }) => ({ rule, saw }))
}
