import { commitSha, type CommitSha } from '../../preview/brand.ts'

/** The commit that an object's manifest was written for; null when Mayfly's mark is missing or odd. */
export function ownSha(annotations: Readonly<Record<string, string>> | null | undefined): CommitSha | null {
  return asCommit(annotations?.['mayfly.dev/sha'])
}

/** A full commit id, or null. */
export function asCommit(text: string | null | undefined): CommitSha | null {
  try {
    return commitSha(text ?? '')
  } catch {
    return null
  }
}
