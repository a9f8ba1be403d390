import { type Desire, desire } from '../preview/desire.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import type { Asked } from './asked.ts'

/** What should be true of one preview. The files are asked for only when they decide: all else says yes, and paths are named. */
export async function wishFor(
  { application, changedFiles }: Asked,
  reading: MergeRequestReading,
): Promise<Desire> {
  const wish = desire(application, reading, null)
  if (wish.kind === 'absent' || application.when.paths.length === 0) return wish
  return desire(application, reading, await changedFiles(wish.mergeRequest))
}
