import type { Application } from '../preview/application.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import type { Prompt } from '../preview/outcome.ts'

/** One application of a merge request, with what the forge just said. */
export interface Asked {
  readonly key: MergeRequestKey
  readonly application: Application
  readonly reading: MergeRequestReading
  readonly prompt: Prompt
}
