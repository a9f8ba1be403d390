import type { CommitSha } from '../preview/brand.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { PreviewState } from '../preview/status.ts'
import type { RuleName, Ruling } from './ruling.ts'

/** Why a merge request has the previews that it has: every field always there, null where unknown, times in ISO 8601 UTC. */
export interface MergeRequestExplanation {
  readonly mergeRequest: MergeRequestKey
  readonly state: 'open' | 'merged' | 'closed' | 'gone'
  readonly url: string | null
  readonly author: string | null
  readonly branch: string | null
  readonly sha: CommitSha | null
  /** One for each application of its repository. */
  readonly previews: readonly PreviewExplanation[]
  /** The newest pass of this process. */
  readonly lastPass: PassTold | null
  /** When it is asked again without an event. Null: nobody has fixed a time; events and the sweep bring it back. */
  readonly nextAt: string | null
  readonly nextInMs: number | null
  /** What the forge told this process of it, newest first. */
  readonly deliveries: readonly DeliveryTold[]
}

export interface PreviewExplanation {
  readonly preview: PreviewId
  readonly application: string
  readonly name: string
  /** As the newest pass of this process left it. */
  readonly state: PreviewState | null
  readonly message: string | null
  readonly decision: RulesDecision
  /** Every rule, in a fixed order. */
  readonly rulings: readonly Ruling[]
  readonly whatWouldChange: string
  /** `blob` null: there is no such file on the branch. */
  readonly template: { readonly file: string; readonly blob: string | null }
  /** The operator's own values as they stand in the configuration. */
  readonly values: Readonly<Record<string, unknown>>
}

/** What the rules come to. `rule`: the one that said no; null: none did, or what is in the way is no rule. */
export interface RulesDecision {
  readonly answer: 'yes' | 'no'
  readonly rule: RuleName | null
  readonly message: string
}

export interface PassTold {
  readonly at: string
  readonly outcome: Outcome['kind'] | 'retry'
  readonly why: string | null
}

/** A webhook about a merge request, and how it was answered. */
export interface DeliveryTold {
  /** The forge's own id of it; null: it gave none. */
  readonly id: string | null
  readonly event: string
  readonly at: string
  readonly answer: 'taken' | 'not-taken'
}
