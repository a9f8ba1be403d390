import { z } from 'zod'
import type { Answer, Call } from './call.ts'
import type { Kind, Name } from './object.ts'

/** The API server's addresses of kinds and objects. */
export interface Paths {
  one(kind: Kind, name: Name): Promise<string>
  all(kind: Kind, namespace: string | undefined): Promise<string>
}

const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
})

/** Asks the API server what it calls a kind. Only what it knows is remembered: kinds may come later. */
export function createPaths(call: (wanted: Call) => Promise<Answer>): Paths {
  const known = new Map<string, { readonly plural: string; readonly namespaced: boolean }>()
  const discover = async ({ apiVersion, kind }: Kind) => {
    const place = `${apiVersion}/${kind}`
    const remembered = known.get(place)
    if (remembered !== undefined) return remembered
    const answer = await call({ method: 'GET', path: base(apiVersion) })
    const resources = answer.status === 200 ? resourceList.parse(JSON.parse(answer.text)).resources : []
    const resource = resources.find((each) => each.kind === kind && !each.name.includes('/'))
    if (resource === undefined)
      throw new Error(`The cluster knows no ${place}: ${answer.status} ${answer.text.slice(0, 200)}`)
    const found = { plural: resource.name, namespaced: resource.namespaced }
    known.set(place, found)
    return found
  }
  const all: Paths['all'] = async (kind, namespace) => {
    const { plural, namespaced } = await discover(kind)
    const inside = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : ''
    return `${base(kind.apiVersion)}${inside}/${plural}`
  }
  return {
    all,
    one: async (kind, { name, namespace }) => {
      const { namespaced } = await discover(kind)
      return `${await all(kind, namespaced ? (namespace ?? 'default') : undefined)}/${name}`
    },
  }
}

function base(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
}
