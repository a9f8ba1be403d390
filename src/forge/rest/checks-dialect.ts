import type { CommitSha } from '../../preview/brand.ts'
import type { CheckState } from '../commit-checks.ts'
import type { CountedItems } from '../http/all-pages.ts'
import type { ForgeCall } from '../http/call.ts'

/** What differs between forges in what CI says of commits. */
export interface ChecksDialect {
  /** Every list that may hold a word about one of `names`. */
  lists(repository: string, sha: CommitSha, names: readonly string[]): readonly CheckList[]
  /** What all lists together say, in words of which each can be held against the names. */
  settle(posted: readonly PostedCheck[]): readonly PostedCheck[]
}

export interface CheckList {
  /** One that is needed expects the answer that there is no such commit; the other one every refusal. */
  readonly call: ForgeCall<PostedCheck[] | CountedItems<PostedCheck>>
  /** False: that it is refused matters only for a name that no other list has. */
  readonly needed: boolean
}

/** One word that a forge has about a commit. */
export interface PostedCheck {
  readonly kind: 'status' | 'check run' | 'pipeline'
  /** Grows from word to word of one kind. */
  readonly id: number
  readonly name: string
  readonly state: CheckState
  /** The forge's words as they came, or null. */
  readonly description: string | null
  readonly url: string | null
  /** To which pipeline it belongs; null: the forge has none, or does not tell. */
  readonly pipeline: number | null
  /** Whether its pipeline passes without it. */
  readonly optional: boolean
  /** The commit that it says it is about; null: it does not say. */
  readonly sha: string | null
}
