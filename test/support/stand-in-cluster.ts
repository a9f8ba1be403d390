import type {
  Cluster,
  KubernetesObject,
  ObjectKind,
  OnChange,
  ResourceSelector,
} from '../../src/agent/cluster.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'

/** An object as tests write it. */
export interface TestObject extends KubernetesObject {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly [field: string]: unknown
  }
}

interface Follower {
  readonly place: ResourceSelector
  readonly onChange: OnChange
}

export type StandInCluster = ReturnType<typeof createStandInCluster>

/** A cluster at the port: stateful, with rights that can be taken away, and an API server that can go away. */
export function createStandInCluster() {
  const objects = new Map<string, TestObject>()
  const followers = new Set<Follower>()
  const denied: ((verb: string, kind: string, namespace: string | null) => boolean)[] = []
  const annotated: { readonly kind: string; readonly name: string; readonly keys: readonly string[] }[] = []
  const state = { away: false, closed: false, beforeAnnotate: () => Promise.resolve() }

  function require(verb: string, { kind }: ObjectKind, namespace: string | null): void {
    if (state.away) throw new RetryLater('the API server does not answer (ECONNREFUSED)')
    if (!denied.some((one) => one(verb, kind, namespace))) return
    const right = `${verb} ${kind}${namespace === null ? '' : ` in namespace ${namespace}`}`
    throw new Stalled(`the cluster does not let Mayfly ${right}: give its account that right`, { right })
  }

  function matching(place: ResourceSelector): readonly TestObject[] {
    return [...objects.values()].filter((object) => isIn(place, object))
  }

  const cluster: Cluster = {
    list: async (place) => {
      require('list', place.kind, place.namespace)
      return matching(place)
    },
    read: async (kind, namespace, name) => {
      require('get', kind, namespace)
      return objects.get(keyOf(kind.kind, namespace, name)) ?? null
    },
    annotate: async (kind, namespace, name, annotations) => {
      await state.beforeAnnotate()
      require('patch', kind, namespace)
      annotated.push({ kind: kind.kind, name, keys: Object.keys(annotations) })
      const object = objects.get(keyOf(kind.kind, namespace, name))
      if (object === undefined) return 'missing'
      const merged = { ...object.metadata.annotations, ...annotations }
      put({ ...object, metadata: { ...object.metadata, annotations: merged } })
      return 'done'
    },
    follow: (place, onChange) => {
      const follower = { place, onChange }
      followers.add(follower)
      let seen: readonly TestObject[] = []
      return {
        firstList: Promise.resolve(),
        objects: () => {
          require('list', place.kind, place.namespace)
          const now = matching(place)
          if (now.length !== seen.length || now.some((object, index) => object !== seen[index])) seen = now
          return seen
        },
        stop: () => void followers.delete(follower),
      }
    },
    close: async () => {
      state.closed = true
    },
  }

  function put(object: TestObject): void {
    objects.set(keyOf(object.kind, object.metadata.namespace ?? null, object.metadata.name), object)
    tell(object, 'there')
  }

  function tell(object: TestObject, now: 'there' | 'gone'): void {
    for (const { place, onChange } of followers) if (isIn(place, object)) onChange(object, now)
  }

  return {
    cluster,
    state,
    /** Every annotation that was set, also on what is missing. */
    annotated,
    put,
    get: (kind: string, namespace: string | null, name: string) => objects.get(keyOf(kind, namespace, name)),
    remove(kind: string, namespace: string | null, name: string): void {
      const object = objects.get(keyOf(kind, namespace, name))
      if (object === undefined) throw new Error(`there is no ${kind} ${name}`)
      objects.delete(keyOf(kind, namespace, name))
      tell(object, 'gone')
    },
    deny: (...when: typeof denied) => void denied.push(...when),
    allowAll: () => void denied.splice(0),
    followed: () => followers.size,
  }
}

function keyOf(kind: string, namespace: string | null, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`
}

function isIn({ kind, namespace, labels }: ResourceSelector, object: TestObject): boolean {
  if (object.kind !== kind.kind) return false
  if (namespace !== null && object.metadata.namespace !== namespace) return false
  if (labels === null) return true
  const [key = '', value = ''] = labels.split('=')
  return object.metadata.labels?.[key] === value
}
