/** A string that must not be mixed up with another: only its own room makes one. */
export type Brand<Name extends string> = string & { readonly __brand: Name }

/** A full commit id, 40 or 64 lower-case hex characters. */
export type CommitSha = Brand<'CommitSha'>

/** @throws RangeError when `text` is not a full commit id. */
export function commitSha(text: string): CommitSha {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text))
    throw new RangeError(`not a full commit id: ${JSON.stringify(text.slice(0, 80))}`)
  return text as CommitSha
}

/** The first seven characters, as people know a commit. */
export function shortSha(sha: CommitSha): string {
  return sha.slice(0, 7)
}

/** `<API group>/<kind>/<namespace>/<name>`, empty parts left empty: how Kubernetes tells two objects apart. */
export type ObjectId = string

/** `apiVersion` as written in a manifest, for example `apps/v1` or `v1`. */
export function objectId(apiVersion: string, kind: string, namespace: string, name: string): ObjectId {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return `${group}/${kind}/${namespace}/${name}`
}
