import type { Limits } from './limits.ts'

/** What a preview counts for. */
export interface PlaceHolder {
  readonly preview: string
  readonly application: string
  /** `<forge>:<repository>`. */
  readonly repository: string
  /** `<forge>/<login>`; null: not known, then it counts for nobody. */
  readonly author: string | null
}

/** One that waits for a place, since its merge request was opened. */
export interface PlaceClaim extends PlaceHolder {
  readonly at: Date
}

export interface PlaceQuestion {
  readonly limits: Limits
  readonly standing: readonly PlaceHolder[]
  readonly waiting: readonly PlaceClaim[]
  readonly mine: PlaceClaim
  /** A place has been free for so long that whoever asks may have it: who is before and could have come did not. */
  readonly isOverdue: boolean
}

export type PlaceLimit = 'total' | 'perApplication' | 'perRepository' | 'perAuthor'

export type PlaceAnswer =
  | { readonly kind: 'free' }
  | {
      readonly kind: 'full'
      readonly limit: PlaceLimit
      readonly most: number
      /** From 1, among those that wait for the same. */
      readonly position: number
      readonly waiting: number
      /** Those that hold the places. */
      readonly holders: readonly string[]
    }

/**
 * Whether one more preview may be written. Those that wait are served in the order in which their merge requests were opened; whoever
 * waits for another limit is in nobody's way. Pure: the same branch gives the same answer to every replica.
 */
export function claimPlace({ limits, standing, waiting, mine, isOverdue }: PlaceQuestion): PlaceAnswer {
  const counts = new Map<string, number>()
  for (const holder of standing) count(counts, holder)
  const line = [...waiting.filter(({ preview }) => preview !== mine.preview), mine].toSorted(byAge)
  for (const claim of line) {
    const full = fullLimit(limits, counts, claim)
    if (claim.preview === mine.preview)
      return full === null ? { kind: 'free' } : answerOf(full, line, mine, standing)
    if (full === null && !isOverdue) count(counts, claim)
  }
  return { kind: 'free' }
}

const order: readonly PlaceLimit[] = ['perAuthor', 'perApplication', 'perRepository', 'total']

interface FullLimit {
  readonly limit: PlaceLimit
  readonly most: number
}

function fullLimit(
  limits: Limits,
  counts: ReadonlyMap<string, number>,
  claim: PlaceHolder,
): FullLimit | null {
  for (const limit of order) {
    const most = limits[limit]
    const shared = sharedKey(limit, claim)
    if (most !== null && shared !== null && (counts.get(shared) ?? 0) >= most) return { limit, most }
  }
  return null
}

function count(counts: Map<string, number>, holder: PlaceHolder): void {
  for (const limit of order) {
    const shared = sharedKey(limit, holder)
    if (shared !== null) counts.set(shared, (counts.get(shared) ?? 0) + 1)
  }
}

/** The same for all that count together; null: it counts for nobody. */
function sharedKey(limit: PlaceLimit, { application, repository, author }: PlaceHolder): string | null {
  switch (limit) {
    case 'total':
      return limit
    case 'perApplication':
      return `${limit} ${application}`
    case 'perRepository':
      return `${limit} ${repository}`
    case 'perAuthor':
      return author === null ? null : `${limit} ${author}`
  }
}

function answerOf(
  { limit, most }: FullLimit,
  line: readonly PlaceClaim[],
  mine: PlaceClaim,
  standing: readonly PlaceHolder[],
): PlaceAnswer {
  const rivals = line.filter((claim) => sharedKey(limit, claim) === sharedKey(limit, mine))
  return {
    kind: 'full',
    limit,
    most,
    position: rivals.findIndex(({ preview }) => preview === mine.preview) + 1,
    waiting: rivals.length,
    holders: standing
      .filter((holder) => sharedKey(limit, holder) === sharedKey(limit, mine))
      .map(({ preview }) => preview),
  }
}

function byAge(one: PlaceClaim, other: PlaceClaim): number {
  return one.at.getTime() - other.at.getTime() || (one.preview < other.preview ? -1 : 1)
}
