import type { FollowedPreviews } from './follow-previews.ts'
import { explainTerminating } from '../namespace/explain-terminating.ts'

/** What is measured of an agent in its cluster. */
export interface Pulse {
  /** What we know of the cluster is not older than half a minute. */
  readonly inStep: boolean
  /** Namespaces of previews on their way out: those that something holds, and the others. Null: not known. */
  readonly terminating: { readonly held: number; readonly free: number } | null
}

/** Never throws. */
export function pulseOf(followed: FollowedPreviews): Pulse {
  try {
    followed.objects()
    const leaving = (followed.namespaces() ?? []).map(explainTerminating).filter((one) => one !== null)
    const held = leaving.filter((one) => one.held).length
    return { inStep: true, terminating: { held, free: leaving.length - held } }
  } catch {
    return { inStep: false, terminating: null }
  }
}
