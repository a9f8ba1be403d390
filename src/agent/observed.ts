import type { CommitSha } from '../preview/brand.ts'
import type { Observation } from '../preview/observation.ts'

/** The commit that the standing manifest deploys; null: there is no manifest any more. */
export interface Wanted {
  readonly sha: CommitSha | null
}

/** What was seen of a preview's namespace. `unknown`: we have no right to look. */
export type NamespaceSight =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'active' }
  | ({ readonly kind: 'terminating' } & Reasons & { readonly held: boolean })

/** Why something is as it is: one line, more lines (newest first), and when it began as far as the cluster tells. */
export interface Reasons {
  readonly why: string
  readonly details: readonly string[]
  readonly since: Date | null
}

/**
 * The one answer about a preview from all that its agent's objects and its namespace say: the worst counts, it is ready only
 * when all are, and it is absent only when nothing is left.
 */
export function foldObservations(
  _objects: readonly Observation[],
  _namespace: NamespaceSight,
  _wanted: Wanted,
): Observation {
  return { kind: 'absent' }
}
