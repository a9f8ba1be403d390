/** `<API group>/<kind>/<namespace>/<name>`, empty parts left empty: how Kubernetes tells two objects apart. */
export type ObjectId = string

/** `apiVersion` as written in a manifest, for example `apps/v1` or `v1`. */
export function objectId(apiVersion: string, kind: string, namespace: string, name: string): ObjectId {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return `${group}/${kind}/${namespace}/${name}`
}
