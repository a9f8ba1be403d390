import type { PreviewHistory } from '../environment-repository/port.ts'
import type { DesiredState } from '../preview/desired-state.ts'

/** Somebody who may write has ended it; the next push brings it back. */
export function evicted(by: string): DesiredState {
  return { kind: 'absent', cause: 'evicted', why: `it was evicted by ${by}, until the next push` }
}

/** Without a manifest the newest commit about a preview remembers: evicted at this very commit, it stays away. */
export function unlessEvicted(desired: DesiredState, history: PreviewHistory | undefined): DesiredState {
  if (desired.kind === 'absent' || history?.removed !== true || history.cause !== 'evicted') return desired
  return history.sha === desired.mergeRequest.sha ? evicted(history.by ?? 'somebody who may write') : desired
}
