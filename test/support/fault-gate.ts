/** Where all that want to write wait for each other, so that what was asked for at once goes in one push. */
export interface FaultGate {
  /** So many are coming. */
  expect(count: number): void
  /** Comes to write; goes on when everybody has come or left. */
  arrive(): Promise<void>
  /** Has nothing to write, or has written. */
  leave(): void
}

export function createGate(): FaultGate {
  const state = { coming: 0, waiting: [] as (() => void)[] }
  const count = () => {
    state.coming -= 1
    if (state.coming > 0) return
    for (const go of state.waiting.splice(0)) go()
  }
  return {
    expect(coming) {
      state.coming = coming
    },
    arrive: () =>
      new Promise((resolve) => {
        state.waiting.push(resolve)
        count()
      }),
    leave: count,
  }
}
