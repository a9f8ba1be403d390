/** At most `writes` within any `perMs`. */
export interface WriteLimit {
  readonly writes: number
  readonly perMs: number
}

/** Sliding windows, exact: a forge that counts any minute and any hour finds no more than the limits. Times in ms. */
export interface WriteBudget {
  /** How long until one more write is allowed; 0 when it is now. */
  waitMs(now: number): number
  spend(now: number): void
}

export function createWriteBudget(limits: readonly WriteLimit[]): WriteBudget {
  const most = Math.max(...limits.map(({ writes }) => writes))
  const spent: number[] = []
  return {
    waitMs(now) {
      const waits = limits.map(({ writes, perMs }) => {
        const oldest = spent.at(-writes)
        return oldest === undefined ? 0 : oldest + perMs - now
      })
      return Math.max(0, ...waits)
    },
    spend(now) {
      spent.push(now)
      if (spent.length > most) spent.shift()
    },
  }
}
