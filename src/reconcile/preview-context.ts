import type { Application } from '../preview/application.ts'
import type { MergeRequestKey, MergeRequestRef } from '../preview/key.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import type { Trigger } from '../preview/outcome.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Orders } from './orders.ts'
import type { Ports, Settings } from './settings.ts'
import type { ChangedFiles, FreshReading } from './shared-reads.ts'

/** One pass over one merge request: what the forge just said of it, and what the rest is done with. */
export interface MergeRequestContext {
  readonly settings: Settings
  readonly ports: Ports
  readonly key: MergeRequestKey
  readonly ref: MergeRequestRef
  readonly reading: MergeRequestReading
  readonly trigger: Trigger
  /** The forge once more, for the moment before a push. */
  readonly reread: FreshReading
  readonly changedFiles: ChangedFiles
  readonly orders: Orders
}

/** The same, for one of its previews. */
export interface PreviewContext extends MergeRequestContext {
  readonly application: Application
  readonly preview: PreviewId
}
