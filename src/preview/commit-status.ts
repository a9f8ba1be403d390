import { plainLine } from './plain-line.ts'
import type { PreviewState, PreviewStatus } from './status.ts'

/** What `mayfly/<application>` on the merge request's newest commit says; null when nothing is to be said. */
export interface Verdict {
  readonly state: 'pending' | 'success' | 'failure'
  readonly description: string
}

const MOST = 140

/** Branch protection may require it: success only when this very commit is ready. */
export function commitVerdict(status: Pick<PreviewStatus, 'state' | 'message'>): Verdict | null {
  const state = stateOf(status.state)
  if (state === null) return null
  const word = status.state.charAt(0).toUpperCase() + status.state.slice(1)
  // GitHub refuses a status whose description holds a character of four bytes, for example an emoji.
  const message = status.message.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')
  return { state, description: plainLine(`${word}: ${message}`, MOST) }
}

function stateOf(state: PreviewState): Verdict['state'] | null {
  switch (state) {
    case 'waiting':
    case 'deploying':
      return 'pending'
    case 'ready':
      return 'success'
    case 'degraded':
    case 'failed':
    case 'refused':
      return 'failure'
    case 'removing':
    case 'removed':
      return null
  }
}
