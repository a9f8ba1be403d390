import { RetryLater } from '../../preview/errors.ts'
import type { ObjectKind, ResourceSelector } from '../cluster.ts'
import { callApi, type ApiParts } from './call-api.ts'
import { listSchema, type SeenObject } from './schema.ts'

export interface Listed {
  readonly objects: readonly SeenObject[]
  /** Where a watch goes on from. */
  readonly version: string
}

const PAGE = 250
const MOST_PAGES = 200
const MOST_STARTS = 3

/**
 * Every page of a place; `unknown-kind` when the cluster has no such kind. Complete or an error: what grew too old between two
 * pages is read again from the first.
 * @throws RetryLater, Stalled
 */
export async function listObjects(
  parts: ApiParts,
  place: ResourceSelector,
): Promise<Listed | 'unknown-kind'> {
  for (let starts = 0; starts < MOST_STARTS; starts += 1) {
    const listed = await listOnce(parts, place)
    if (listed !== 'gone') return listed
  }
  throw new RetryLater(
    `the list of ${place.kind.plural} grew too old ${MOST_STARTS} times before it was read`,
  )
}

async function listOnce(parts: ApiParts, place: ResourceSelector): Promise<Listed | 'unknown-kind' | 'gone'> {
  const { kind, namespace, labels } = place
  const objects: SeenObject[] = []
  let next: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query = {
      limit: String(PAGE),
      ...(labels === null ? {} : { labelSelector: labels }),
      ...(next === undefined ? {} : { continue: next }),
    }
    const answer = await callApi(parts, { verb: 'list', kind, namespace, query })
    if (answer.kind === 'gone') return 'gone'
    // A namespace that does not exist has empty lists: 404 is about the kind.
    if (answer.kind === 'unknown') return 'unknown-kind'
    const page = listSchema.safeParse(answer.value)
    if (!page.success)
      throw new RetryLater(`the API server's list of ${kind.plural} is odd`, { cause: page.error })
    objects.push(...page.data.items.map((item) => withKind(kind, item)))
    next = page.data.metadata.continue
    if (next === undefined || next === '') return { objects, version: page.data.metadata.resourceVersion }
  }
  throw new RetryLater(`there are more than ${PAGE * MOST_PAGES} ${kind.plural}`)
}

/** Items of a list do not say their kind; `managedFields` are half of an object and of no use here. */
export function withKind({ api, kind }: ObjectKind, object: SeenObject): SeenObject {
  const { managedFields: _dropped, ...metadata } = object.metadata
  return { apiVersion: api, kind, ...object, metadata }
}
