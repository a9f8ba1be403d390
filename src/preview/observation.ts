import type { CommitSha } from './brand.ts'

/** What the agent says about one preview, in our words. */
export type Observation =
  /** This installation watches no agent: nothing is known. */
  | { readonly kind: 'unwatched' }
  /** Neither the agent's object nor the namespace exists. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'deploying'; readonly serving: CommitSha | null; readonly why: string }
  | { readonly kind: 'ready'; readonly serving: CommitSha }
  | {
      readonly kind: 'degraded'
      readonly serving: CommitSha | null
      readonly why: string
      readonly details: readonly string[]
    }
  | {
      readonly kind: 'failed'
      readonly serving: CommitSha | null
      readonly why: string
      readonly details: readonly string[]
    }
  /** The agent's object or the namespace is on its way out. */
  | { readonly kind: 'removing'; readonly why: string }
