/** A map that never grows beyond a number of entries: what was set longest ago is forgotten first. */
export interface BoundedMap<Key, Value> {
  get(key: Key): Value | undefined
  /** Makes this entry the newest one, also when it was there before. */
  set(key: Key, value: Value): void
  delete(key: Key): void
  size(): number
  values(): Iterable<Value>
}

/** @throws RangeError when `most` is no whole number above 0. */
export function createBoundedMap<Key, Value>(most: number): BoundedMap<Key, Value> {
  if (!Number.isSafeInteger(most) || most < 1) throw new RangeError(`no bound of a map: ${most}`)
  const entries = new Map<Key, Value>()
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      for (const oldest of entries.keys()) {
        if (entries.size <= most) return
        entries.delete(oldest)
      }
    },
    delete: (key) => {
      entries.delete(key)
    },
    size: () => entries.size,
    values: () => entries.values(),
  }
}

/** Remembers the newest `size` results of a pure function of a string. What it throws is not remembered. */
export function boundedCache<Result>(size: number, make: (key: string) => Result): (key: string) => Result {
  const known = createBoundedMap<string, { readonly result: Result }>(size)
  return (key) => {
    const hit = known.get(key) ?? { result: make(key) }
    known.set(key, hit)
    return hit.result
  }
}
