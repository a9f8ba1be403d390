import type { Application } from './application.ts'
import { whyNotEligible } from './eligible.ts'
import type { MergeRequest, MergeRequestReading } from './merge-request.ts'
import type { RemovalCause } from './status.ts'

/** What should be true of one preview, decided from a fresh answer of the forge alone. */
export type DesiredState =
  | { readonly kind: 'present'; readonly mergeRequest: MergeRequest }
  | { readonly kind: 'absent'; readonly cause: RemovalCause; readonly why: string }

/**
 * Law 3: only a reading, never a missing one, can ask for an end. `files`: every path that the merge request changes, or
 * null before they are listed: then what is present may yet turn out to change none of the application's paths.
 */
export function desiredState(
  application: Application,
  reading: MergeRequestReading,
  files: readonly string[] | null,
): DesiredState {
  if (reading.kind === 'gone')
    return { kind: 'absent', cause: 'gone', why: 'the merge request does not exist any more' }
  const { mergeRequest } = reading
  if (mergeRequest.state === 'merged')
    return { kind: 'absent', cause: 'merged', why: 'the merge request was merged' }
  if (mergeRequest.state === 'closed')
    return { kind: 'absent', cause: 'closed', why: 'the merge request was closed' }
  const why = whyNotEligible(application.when, mergeRequest, files)
  return why === null ? { kind: 'present', mergeRequest } : { kind: 'absent', cause: 'not-eligible', why }
}

/** Whether a second answer asks for the same: of a present one the commit must be the same too. */
export function sameDesiredState(one: DesiredState, other: DesiredState): boolean {
  if (one.kind === 'absent' || other.kind === 'absent') return one.kind === other.kind
  return one.mergeRequest.sha === other.mergeRequest.sha
}
