/** How far back removals without an event are counted, in ms. */
export const breakerWindowMs = 10 * 60 * 1000

export interface BreakerInput {
  readonly now: Date
  /**
   * When previews were removed without an event, as the branch dates it, in any order; those before the window are not counted. A date in
   * the future, or that is none, tells of a clock that was wrong: it counts as now.
   */
  readonly removals: readonly Date[]
  /** How many this process itself has removed within the window, by the clock that nobody can set. */
  readonly removedHere: number
  /** Manifests of ours on the branch before the removal in question. */
  readonly manifests: number
  /** Whether other removals are held already: then this one waits with them, however slowly they come. */
  readonly isTripped: boolean
}

export type BreakerVerdict =
  | { readonly kind: 'pass' }
  /** `removals` counts the one in question; `limit` is the most that may go within the window. */
  | { readonly kind: 'held'; readonly removals: number; readonly limit: number }

/** May one more preview be removed without an event? Many at once are more likely a wrong answer than the truth. */
export function checkRemoval(input: BreakerInput): BreakerVerdict {
  const since = input.now.getTime() - breakerWindowMs
  const dated = input.removals.filter((at) => !(at.getTime() <= since)).length
  const recent = Math.max(dated, input.removedHere)
  // The share is of what stood there before the window, else each removal would lower the limit for the next.
  const limit = Math.max(5, Math.floor((input.manifests + recent) * 0.2))
  const removals = recent + 1
  return input.isTripped || removals > limit ? { kind: 'held', removals, limit } : { kind: 'pass' }
}
