import { readFileSync } from 'node:fs'
import { commitSha, type CommitSha } from '../../src/preview/brand.ts'
import type { KubernetesObject } from '../../src/agent/cluster.ts'

export const wantedSha = commitSha('d4e5f6a0d4e5f6a0d4e5f6a0d4e5f6a0d4e5f6a0')
export const olderSha = commitSha('a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d0')

/** One object as a real cluster gave it. */
export function sample(name: string): KubernetesObject {
  return parsed(new URL(`../agent/samples/${name}.json`, import.meta.url))
}

/** One object written by hand after the documentation, where no cluster was at hand. */
export function fixture(name: string): KubernetesObject {
  return parsed(new URL(`../agent/fixtures/${name}.json`, import.meta.url))
}

/** The sample as the root applies it for a commit: with Mayfly's mark. */
export function marked(object: KubernetesObject, sha: CommitSha): KubernetesObject {
  return changed(object, ['metadata', 'annotations', 'mayfly.dev/sha'], sha)
}

/** A copy with one place changed; `undefined` takes it away. */
export function changed(
  object: KubernetesObject,
  path: readonly (string | number)[],
  value: unknown,
): KubernetesObject {
  const copy = structuredClone(object)
  let place = copy as Record<string | number, unknown>
  path.slice(0, -1).forEach((step, at) => {
    place[step] ??= typeof path[at + 1] === 'number' ? [] : {}
    place = place[step] as Record<string | number, unknown>
  })
  place[path.at(-1) ?? ''] = value
  return copy
}

function parsed(file: URL): KubernetesObject {
  return JSON.parse(readFileSync(file, 'utf8')) as KubernetesObject
}
