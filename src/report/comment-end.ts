import { shortSha } from '../preview/brand.ts'
import type { PreviewStatus, Removal, RemovalCause } from '../preview/status.ts'
import { codeSpan } from './code-span.ts'
import { escapeMarkdown } from './escape-markdown.ts'
import { formatDuration } from './format.ts'

/**
 * What follows the word Removed of one preview. Only a watched agent proves that the namespace is gone too, and only who saw
 * the end knows how long it took: another process words it without, and leaves what was said before as it is.
 */
export function removedWords({ message, removal, watched }: PreviewStatus): string {
  if (!removal?.commit) return `: ${escapeMarkdown(message)}`
  if (!watched) return `: ${escapeMarkdown(message)}${endFacts(removal)}`
  // Who ended it, and what brings it back, is worth more than how long that took.
  const isTimed = removal.goneAfterMs !== null && removal.cause !== 'evicted'
  const after = !isTimed ? '' : afterWords(removal.cause, removal.goneAfterMs)
  const why = after === '' ? `: ${escapeMarkdown(message)}` : ''
  return `${after}, namespace included${why}${endFacts({ ...removal, commit: null })}`
}

/** For example ` 2 min after the merge`. */
export function afterWords(cause: RemovalCause, ms: number): string {
  return ` ${formatDuration(ms)} after ${ends[cause]}`
}

const ends: Readonly<Record<RemovalCause, string>> = {
  merged: 'the merge',
  closed: 'the merge request was closed',
  gone: 'the merge request was deleted',
  'not-eligible': 'it was no longer wanted',
  evicted: 'it was evicted',
}

/** What is known of a life that ended, in brackets after a space; empty when nothing is. */
export function endFacts({
  livedMs,
  deploys,
  commit,
}: Pick<Removal, 'livedMs' | 'deploys' | 'commit'>): string {
  const facts = [
    ...(livedMs === null ? [] : [`lived ${formatDuration(livedMs)}`]),
    ...(deploys === null ? [] : [`${deploys} ${deploys === 1 ? 'deploy' : 'deploys'}`]),
    ...(commit === null ? [] : [`manifest deleted in ${codeSpan(shortSha(commit))}`]),
  ]
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}
