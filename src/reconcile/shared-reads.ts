import type { Clock } from '../pace/clock.ts'
import type { MergeRequest, MergeRequestReading } from '../preview/merge-request.ts'

/** Reads the merge request, unless an answer younger than this is there already. 0: reads in any case. */
export type FreshReading = (youngerThanMs: number) => Promise<MergeRequestReading>

/** One pass's reads of its merge request: a monorepo's previews and a push right after the first read share an answer. */
export function freshReading(clock: Clock, read: () => Promise<MergeRequestReading>): FreshReading {
  let last: { readonly answer: Promise<MergeRequestReading>; readonly at: number } | null = null
  return (youngerThanMs) => {
    const now = clock.monotonicMs()
    // Counted from the request: what happened since then may be missing.
    if (last !== null && now - last.at < youngerThanMs) return last.answer
    last = { answer: read(), at: now }
    return last.answer
  }
}

/** Every path that a merge request changes at its head. Throws as the forge does. */
export type ChangedFiles = (mergeRequest: MergeRequest) => Promise<readonly string[]>

/** One answer for all applications of a merge request, until its head or its target moves. */
export function changedFilesOnce(list: () => Promise<readonly string[]>): ChangedFiles {
  const answers = new Map<string, Promise<readonly string[]>>()
  return ({ sha, targetBranch }) => {
    const state = `${sha} ${targetBranch}`
    const answer = answers.get(state) ?? list()
    answers.set(state, answer)
    return answer
  }
}
