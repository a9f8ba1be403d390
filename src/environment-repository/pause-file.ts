import { plainLine } from '../preview/plain-line.ts'

/** A file of this name at the root of the branch stops every change; whoever may push can put it there. */
export const pausePath = 'mayfly.pause'

/** Its text is the reason: one line for people. Also one that is empty, or no text at all, stops everything. */
export function readPause(text: string | null): string {
  const reason = plainLine(text ?? '', 300)
  return reason === '' ? 'nobody wrote why' : reason
}
