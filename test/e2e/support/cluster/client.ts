import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type Answer, type Call, callCluster } from './call.ts'
import type { Connection } from './connection.ts'
import { type Kind, type KubernetesObject, kubernetesObject, type Name } from './object.ts'
import { createPaths } from './paths.ts'

/** What a test does to a cluster, in the name of one account. A refusal throws with the server's own words. */
export interface ClusterClient {
  /** Undefined when there is none. */
  get(kind: Kind, name: Name): Promise<KubernetesObject | undefined>
  /** All of a kind, in one namespace or everywhere; `labels` is a label selector. */
  list(
    kind: Kind,
    where?: { readonly namespace?: string; readonly labels?: string },
  ): Promise<KubernetesObject[]>
  /** Server-side apply of one object, or of every document of a YAML text, in their order. */
  apply(wanted: KubernetesObject | string): Promise<void>
  /** JSON merge patch: null takes a field away. */
  patch(kind: Kind, name: Name, changes: unknown): Promise<void>
  /** Asks for its deletion; fine when there is none. Does not wait until it is gone. */
  remove(kind: Kind, name: Name): Promise<void>
  /** The status and text of any other call, whatever they are: for questions of rights. */
  call(call: Call): Promise<Answer>
}

export function createClusterClient(connection: Connection): ClusterClient {
  const call = (wanted: Call) => callCluster(connection, wanted)
  const paths = createPaths(call)
  const applyOne = async (object: KubernetesObject): Promise<void> => {
    const path = `${await paths.one(object, object.metadata)}?fieldManager=mayfly-e2e&force=true`
    const contentType = 'application/apply-patch+yaml'
    demand(await call({ method: 'PATCH', path, contentType, body: JSON.stringify(object) }), path)
  }
  return {
    call,
    get: async (kind, name) => {
      const path = await paths.one(kind, name)
      const answer = await call({ method: 'GET', path })
      return answer.status === 404 ? undefined : kubernetesObject.parse(parsed(demand(answer, path)))
    },
    list: async (kind, where = {}) => {
      const selector = where.labels === undefined ? '' : `?labelSelector=${encodeURIComponent(where.labels)}`
      const path = (await paths.all(kind, where.namespace)) + selector
      const items = z.object({ items: z.array(z.looseObject({})) })
      return items
        .parse(parsed(demand(await call({ method: 'GET', path }), path)))
        .items.map((item) => kubernetesObject.parse({ ...kind, ...item }))
    },
    apply: async (wanted) => {
      for (const object of typeof wanted === 'string' ? objectsOf(wanted) : [wanted]) await applyOne(object)
    },
    patch: async (kind, name, changes) => {
      const path = await paths.one(kind, name)
      const contentType = 'application/merge-patch+json'
      demand(await call({ method: 'PATCH', path, contentType, body: JSON.stringify(changes) }), path)
    },
    remove: async (kind, name) => {
      const path = await paths.one(kind, name)
      const answer = await call({ method: 'DELETE', path })
      if (answer.status !== 404) demand(answer, path)
    },
  }
}

function objectsOf(text: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter((object) => object !== null)
    .map((object) => kubernetesObject.parse(object))
}

function parsed(answer: Answer): unknown {
  return JSON.parse(answer.text)
}

function demand(answer: Answer, path: string): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer
  throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 1000)}`)
}
