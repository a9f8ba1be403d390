/** A map that is never changed: `with` gives a new one that shares nearly everything with the old. */
export interface LayeredMap<Key, Value> {
  readonly size: number
  get(key: Key): Value | undefined
  values(): Iterable<Value>
  /** `undefined` takes the key away. */
  with(changes: Iterable<readonly [Key, Value | undefined]>): LayeredMap<Key, Value>
}

/** Above this many changes the layer is merged into a new base: a copy of everything, but seldom. */
const layerLimit = 256

export function layeredMap<Key, Value>(
  entries: Iterable<readonly [Key, Value]> = [],
): LayeredMap<Key, Value> {
  const base = new Map(entries)
  return layered<Key, Value>(base, new Map(), base.size)
}

function layered<Key, Value>(
  base: ReadonlyMap<Key, Value>,
  layer: ReadonlyMap<Key, Value | undefined>,
  size: number,
): LayeredMap<Key, Value> {
  const get = (key: Key): Value | undefined => (layer.has(key) ? layer.get(key) : base.get(key))
  return {
    size,
    get,
    values: () => valuesOf(base, layer),
    with(changes) {
      const next = new Map(layer)
      let nextSize = size
      for (const [key, value] of changes) {
        const before = next.has(key) ? next.get(key) : base.get(key)
        nextSize += Number(value !== undefined) - Number(before !== undefined)
        next.set(key, value)
      }
      if (next.size <= layerLimit) return layered(base, next, nextSize)
      return layered(merge(base, next), new Map(), nextSize)
    },
  }
}

function* valuesOf<Key, Value>(
  base: ReadonlyMap<Key, Value>,
  layer: ReadonlyMap<Key, Value | undefined>,
): Generator<Value> {
  for (const [key, value] of base) if (!layer.has(key)) yield value
  for (const value of layer.values()) if (value !== undefined) yield value
}

function merge<Key, Value>(
  base: ReadonlyMap<Key, Value>,
  layer: ReadonlyMap<Key, Value | undefined>,
): Map<Key, Value> {
  const merged = new Map(base)
  for (const [key, value] of layer) {
    if (value === undefined) merged.delete(key)
    else merged.set(key, value)
  }
  return merged
}
