import type { Application } from '../preview/application.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { MergeRequest, MergeRequestReading } from '../preview/merge-request.ts'
import type { Prompt } from '../preview/outcome.ts'
import type { FreshReading } from './fresh-reading.ts'

/** One application of a merge request, with what the forge just said. */
export interface Asked {
  readonly key: MergeRequestKey
  readonly application: Application
  readonly reading: MergeRequestReading
  readonly prompt: Prompt
  /** The forge once more, for the moment before a push. */
  readonly readAgain: FreshReading
  /** Every path that it changes at its head; asks the forge once for each head and target. Throws as the forge does. */
  readonly changedFiles: (mergeRequest: MergeRequest) => Promise<readonly string[]>
}
