/** A string that must not be mixed up with another: only its own room makes one. */
export type Brand<Name extends string> = string & { readonly __brand: Name }

/** A full commit id, 40 or 64 lower-case hex characters. */
export type CommitSha = Brand<'CommitSha'>

/** @throws RangeError when `text` is not a full commit id. */
export function commitSha(text: string): CommitSha {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text))
    throw new RangeError(`not a full commit id: ${JSON.stringify(text.slice(0, 80))}`)
  return text as CommitSha
}

/** The first seven characters, as people know a commit. */
export function shortSha(sha: CommitSha): string {
  return sha.slice(0, 7)
}
