import type { CommitSha } from './brand.ts'

/** What the agent says about one preview, in our words. `since`: when this began, as the cluster tells it; null: not known. */
export type Observation =
  /** This installation watches no agent: nothing is known. */
  | { readonly kind: 'unwatched' }
  /** Neither the agent's object nor the namespace exists. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'deploying'
      readonly serving: CommitSha | null
      readonly why: string
      readonly details: readonly string[]
      readonly since: Date | null
    }
  | { readonly kind: 'ready'; readonly serving: CommitSha; readonly since: Date | null }
  /** It was applied, and is not healthy. */
  | {
      readonly kind: 'degraded'
      readonly serving: CommitSha | null
      readonly why: string
      readonly details: readonly string[]
      readonly since: Date | null
    }
  /** It could not be applied, or the agent cannot even tell what to apply. */
  | {
      readonly kind: 'failed'
      readonly serving: CommitSha | null
      readonly why: string
      readonly details: readonly string[]
      readonly since: Date | null
    }
  /** The agent's object or the namespace is on its way out. `held`: something keeps it, and does not end by itself. */
  | {
      readonly kind: 'removing'
      readonly why: string
      readonly details: readonly string[]
      readonly held: boolean
      readonly since: Date | null
    }
