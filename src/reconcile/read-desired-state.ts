import { type DesiredState, desiredState } from '../preview/desired-state.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import type { PreviewContext } from './preview-context.ts'

/** What should be true of one preview. The files are asked for only when they decide: all else says yes, and paths are named. */
export async function readDesiredState(
  { application, changedFiles }: PreviewContext,
  reading: MergeRequestReading,
): Promise<DesiredState> {
  const wish = desiredState(application, reading, null)
  if (wish.kind === 'absent' || application.when.paths.length === 0) return wish
  return desiredState(application, reading, await changedFiles(wish.mergeRequest))
}
