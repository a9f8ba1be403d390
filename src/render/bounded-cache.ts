/** Remembers the newest `size` results of a pure function of a string. What it throws is not remembered. */
export function boundedCache<Result>(size: number, make: (key: string) => Result): (key: string) => Result {
  const known = new Map<string, { readonly result: Result }>()
  return (key) => {
    const hit = known.get(key) ?? { result: make(key) }
    known.delete(key)
    known.set(key, hit)
    const [oldest] = known.keys()
    if (known.size > size && oldest !== undefined) known.delete(oldest)
    return hit.result
  }
}
