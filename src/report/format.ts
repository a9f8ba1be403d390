import type { PreviewState } from '../preview/status.ts'

/** The fixed vocabulary: the word carries the meaning, the sign before it is hidden from screen readers. */
const vocabulary: Readonly<Record<PreviewState, { readonly sign: string; readonly word: string }>> = {
  waiting: { sign: '⏳', word: 'Waiting' },
  deploying: { sign: '⏳', word: 'Deploying' },
  ready: { sign: '✅', word: 'Ready' },
  degraded: { sign: '⚠️', word: 'Degraded' },
  failed: { sign: '❌', word: 'Failed' },
  refused: { sign: '⏸', word: 'Refused' },
  removing: { sign: '🧹', word: 'Removing' },
  removed: { sign: '🧹', word: 'Removed' },
}

/** The status word with its sign; `watched: false` marks a deployment whose readiness nobody knows. */
export function formatState(state: PreviewState, watched = true): string {
  const { sign, word } = vocabulary[state]
  const shown = state === 'deploying' && !watched ? '📄' : sign
  return `<span aria-hidden="true">${shown}</span> ${word}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** For example `21 Nov 10:42`, in UTC. */
export function formatMoment(at: Date): string {
  const time = at.toISOString().slice(11, 16)
  return `${at.getUTCDate()} ${months[at.getUTCMonth()] ?? ''} ${time}`
}

/** For example `10:42 UTC`, or `21 Nov 10:42 UTC` on another day than `near`, which readers know. */
export function formatTime(at: Date, near: Date | null): string {
  const isSameDay = near !== null && at.toISOString().slice(0, 10) === near.toISOString().slice(0, 10)
  return `${isSameDay ? at.toISOString().slice(11, 16) : formatMoment(at)} UTC`
}

/** For example `3 d 4 h`, `2 min`, `48 s`: the two largest units, rounded down. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ')
}
