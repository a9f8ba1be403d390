import type { Limits } from './limits.ts'
import type { PlaceAnswer, PlaceLimit } from './places.ts'
import type { Held } from './ruling.ts'

/** One that holds a place, for people. */
export interface ShownHolder {
  /** For example `shop-131-cart`. */
  readonly name: string
  /** Its newest commit; null: not as far back as we looked. */
  readonly at: Date | null
}

/** The first of them are asked again by themselves: the others hear of a free place through those before them. */
const mostAsked = 20
const recheckMs = 60_000
const mostShown = 3

/**
 * What people read who wait for a place, or are refused one. `holders` oldest first; `prefix`: of commands, null where none are read.
 */
export function heldByPlace(
  { limit, most, position, waiting }: Extract<PlaceAnswer, { kind: 'full' }>,
  whenFull: Limits['whenFull'],
  holders: readonly ShownHolder[],
  prefix: string | null,
): Held {
  const full =
    most === 1 ? `the only place${ofWhat[limit]} is taken` : `all ${most} places${ofWhat[limit]} are taken`
  const advice = `${longest(holders)}A place comes free when a merge request is merged or closed${evict(prefix)}.`
  const common = { details: [], advice, forPeople: false }
  if (whenFull === 'refuse') return { ...common, state: 'refused', message: full, againMs: null }
  return {
    ...common,
    state: 'waiting',
    message: `place ${position} of ${waiting} in the queue: ${full}`,
    againMs: position <= mostAsked ? recheckMs : null,
  }
}

/** Whom to ask for a place. */
function longest(holders: readonly ShownHolder[]): string {
  if (holders.length === 0) return ''
  return `The longest without a new commit: ${holders.slice(0, mostShown).map(shown).join(', ')}. `
}

function evict(prefix: string | null): string {
  if (prefix === null) return ''
  return `, and whoever may write to the repository can end a preview with \`${prefix} evict\` on its merge request`
}

const ofWhat: Readonly<Record<PlaceLimit, string>> = {
  total: '',
  perApplication: ' of this application',
  perRepository: ' of this repository',
  perAuthor: ' of this author',
}

/** By dates: how long ago would be another text with every look. */
function shown({ name, at }: ShownHolder): string {
  return at === null ? name : `${name} (since ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC)`
}
