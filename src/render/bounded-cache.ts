import { createBoundedMap } from '../pace/bounded-map.ts'

/** Remembers the newest `size` results of a pure function of a string. What it throws is not remembered. */
export function boundedCache<Result>(size: number, make: (key: string) => Result): (key: string) => Result {
  const known = createBoundedMap<string, { readonly result: Result }>(size)
  return (key) => {
    const hit = known.get(key) ?? { result: make(key) }
    known.set(key, hit)
    return hit.result
  }
}
