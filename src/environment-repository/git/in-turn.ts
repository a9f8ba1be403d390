/** Runs one piece of work after the other, in the order they came. */
export interface Turns {
  take<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves once all work so far has ended, well or badly. */
  ended(): Promise<void>
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve()
  return {
    take(work) {
      const turn = last.then(work)
      last = turn.then(nothing, nothing)
      return turn
    },
    ended: () => last,
  }
}

function nothing(): void {
  // How a turn ended is its own caller's business.
}
