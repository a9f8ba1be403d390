import type { Clock } from '../clock.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'

/** Reads the merge request, unless an answer younger than this is there already. 0: reads in any case. */
export type FreshReading = (youngerThanMs: number) => Promise<MergeRequestReading>

/** One look's questions about its merge request: a monorepo's previews and a push right after the look share an answer. */
export function freshReading(clock: Clock, read: () => Promise<MergeRequestReading>): FreshReading {
  let last: { readonly answer: Promise<MergeRequestReading>; readonly at: number } | null = null
  return (youngerThanMs) => {
    const now = clock.now().getTime()
    // From when it was asked: what happened since then may be missing.
    if (last !== null && now - last.at < youngerThanMs) return last.answer
    last = { answer: read(), at: now }
    return last.answer
  }
}
