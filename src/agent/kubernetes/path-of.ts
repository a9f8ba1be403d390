import type { ObjectKind } from '../cluster.ts'

/** The path of all objects of a kind (`namespace` null: everywhere), or of one of them. */
export function apiPath({ api, plural }: ObjectKind, namespace: string | null, name?: string): string {
  const group = api.includes('/') ? `/apis/${api}` : `/api/${api}`
  const place = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${group}${place}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}
