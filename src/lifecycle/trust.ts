import type { When } from '../preview/application.ts'
import { type CommitSha, shortSha } from '../preview/brand.ts'
import { sameLogin } from '../preview/eligible.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { Held, Ruling } from './ruling.ts'

/** What the forge says of an author: `unknown` where it does not let Mayfly ask. */
export type AuthorPermission = 'write' | 'read' | 'none' | 'unknown'

/** Why the commits of a merge request need somebody's approval, in words; null: they do not. */
export function whyUntrusted(
  when: When,
  { author, fork }: Pick<MergeRequest, 'author' | 'fork'>,
  permission: AuthorPermission,
): string | null {
  if (when.allow.some((login) => sameLogin(login, author.login))) return null
  if (fork !== false) return 'the merge request comes from a fork'
  if (when.authors === 'any' || permission === 'write') return null
  return permission === 'unknown'
    ? 'the forge does not tell Mayfly whether its author may write to this repository'
    : 'its author may not write to this repository'
}

/** More than the seven digits that people know a commit by: those can be made to fit another commit, within hours. */
const suggested = 12

export interface TrustInput {
  readonly untrusted: string | null
  readonly sha: CommitSha
  /** Who approved this very commit; null: nobody. */
  readonly approvedBy: string | null
  /** The commit that stands; null: none. */
  readonly standing: CommitSha | null
  /** What a command begins with. */
  readonly prefix: string
}

/** Whether a commit may be written as far as its author goes: a push voids every approval. Pure. */
export function judgeTrust(input: TrustInput): { readonly held: Held | null; readonly ruling: Ruling } {
  const { untrusted, sha, approvedBy, standing, prefix } = input
  if (untrusted === null)
    return { held: null, ruling: { rule: 'trust', answer: 'yes', saw: 'its author needs no approval' } }
  if (approvedBy !== null) {
    const saw = `${untrusted}, and ${approvedBy} approved ${shortSha(sha)}`
    return { held: null, ruling: { rule: 'trust', answer: 'yes', saw } }
  }
  const message = `${untrusted}, and nobody has approved ${shortSha(sha)}`
  const advice = `Whoever may write to this repository can start it after reading the diff: \`${prefix} approve ${sha.slice(0, suggested)}\`.`
  return {
    held: {
      state: standing === null ? 'refused' : 'waiting',
      message,
      details: [],
      advice,
      againMs: null,
      forPeople: true,
    },
    ruling: { rule: 'trust', answer: 'no', saw: message },
  }
}
