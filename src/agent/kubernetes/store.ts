import type { KubernetesObject, OnChange } from '../cluster.ts'
import type { SeenObject } from './schema.ts'

/** The objects of one place as they were seen last. */
export interface Store {
  /** The same array until one changes. */
  all(): readonly KubernetesObject[]
  /** Takes a whole list; tells of what came, changed or vanished meanwhile. */
  replace(fresh: readonly SeenObject[]): void
  put(object: SeenObject): void
  drop(object: SeenObject): void
}

export function createStore(onChange: OnChange): Store {
  const objects = new Map<string, SeenObject>()
  let all: readonly KubernetesObject[] | null = null

  function put(object: SeenObject): void {
    const before = objects.get(keyOf(object))
    if (before?.metadata.resourceVersion === object.metadata.resourceVersion) return
    objects.set(keyOf(object), object)
    all = null
    onChange(object, 'there')
  }

  function drop(object: SeenObject): void {
    if (!objects.delete(keyOf(object))) return
    all = null
    onChange(object, 'gone')
  }

  return {
    all() {
      all ??= [...objects.values()]
      return all
    },
    replace(fresh) {
      const there = new Set(fresh.map(keyOf))
      for (const [key, object] of objects) if (!there.has(key)) drop(object)
      for (const object of fresh) put(object)
    },
    put,
    drop,
  }
}

function keyOf({ metadata }: SeenObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}
