import type { Application } from '../preview/application.ts'
import { type MergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import type { MergeRequest, MergeRequestReading } from '../preview/merge-request.ts'
import type { Trigger } from '../preview/outcome.ts'
import { type PreviewId, previewId } from '../preview/preview-id.ts'
import type { FreshReading } from './fresh-reading.ts'

/** One application of a merge request, with what the forge just said. */
export interface PreviewContext {
  readonly key: MergeRequestKey
  readonly application: Application
  readonly reading: MergeRequestReading
  readonly trigger: Trigger
  /** The forge once more, for the moment before a push. */
  readonly reread: FreshReading
  /** Every path that it changes at its head; asks the forge once for each head and target. Throws as the forge does. */
  readonly changedFiles: (mergeRequest: MergeRequest) => Promise<readonly string[]>
}

export function previewOf({ application, key }: Pick<PreviewContext, 'application' | 'key'>): PreviewId {
  return previewId(application.name, parseMergeRequestKey(key).number)
}
