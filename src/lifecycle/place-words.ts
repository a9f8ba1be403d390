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

/** What people read who wait for a place, or are refused one. `holders` oldest first. */
export function heldByPlace(
  { limit, most, position, waiting }: Extract<PlaceAnswer, { kind: 'full' }>,
  whenFull: Limits['whenFull'],
  holders: readonly ShownHolder[],
): Held {
  const full = `${most} of ${most} previews${ofWhat[limit]} stand`
  const details = [
    `The longest without a new commit: ${holders.slice(0, mostShown).map(shown).join(', ')}.`,
  ].filter(() => holders.length > 0)
  const advice =
    'A merge request that is merged or closed gives its place free; somebody who may write can end a preview with `/preview evict` on its merge request.'
  if (whenFull === 'refuse') return { state: 'refused', message: full, details, advice, againMs: null }
  return {
    state: 'waiting',
    message: `place ${position} of ${waiting} in the queue: ${full}`,
    details,
    advice,
    againMs: position <= mostAsked ? recheckMs : null,
  }
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
