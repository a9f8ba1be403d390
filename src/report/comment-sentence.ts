import { shortSha } from '../preview/brand.ts'
import { longestRecheckMs, type PreviewStatus } from '../preview/status.ts'
import { codeSpan } from './code-span.ts'
import { removedWords } from './comment-end.ts'
import { hostLink } from './link.ts'
import { escapeMarkdown, escapeSentence } from './escape-markdown.ts'
import { formatDuration, formatTime } from './format.ts'

/** Where manifests are written. */
export interface EnvironmentBranch {
  readonly branch: string
}

/**
 * The line under the answer: which commit, what it is, what happens next. Its times are those of commits and of the cluster,
 * never of this look: a look that finds nothing new, in this process or another, words it alike (law 6).
 */
export function sentence(status: PreviewStatus, place: EnvironmentBranch): string {
  switch (status.state) {
    case 'deploying':
      return deploying(status, place)
    case 'ready':
      return ready(status)
    case 'degraded':
    case 'failed':
      return unwell(status)
    case 'waiting':
      return waiting(status)
    case 'refused':
      return refused(status)
    case 'removing':
      return removing(status)
    case 'removed':
      return `Removed${removedWords(status)}`
  }
}

function deploying(status: PreviewStatus, place: EnvironmentBranch): string {
  const written = status.manifest?.commit
  const where = written ? ` in ${codeSpan(shortSha(written))}` : ''
  if (!status.watched)
    return `${commit(status)} is written to ${codeSpan(place.branch)}${where}; ${escapeSentence(status.message)}`
  if (status.servingSha !== null && status.servingSha !== status.sha)
    return `Serving ${codeSpan(shortSha(status.servingSha))}, deploying ${commit(status)}: ${escapeSentence(status.message)}`
  return `${commit(status)} is written to ${codeSpan(place.branch)}${where}: ${escapeSentence(status.message)}`
}

function ready(status: PreviewStatus): string {
  const { since, pushedAt } = status
  if (since === null) return `${commit(status)} is running and healthy.`
  // A change of the manifest alone may leave what runs as it was: then it has been healthy since before it.
  const passed = pushedAt === null || since < pushedAt ? null : since.getTime() - pushedAt.getTime()
  const after = passed === null ? '' : ` (${formatDuration(passed)} after the push)`
  return `${commit(status)} is running and healthy since ${formatTime(since, pushedAt)}${after}.`
}

function unwell(status: PreviewStatus): string {
  const again = status.fromCluster
    ? `Mayfly looks again at every change in the cluster, at least every ${formatDuration(longestRecheckMs)}, and on every push.`
    : status.advice || 'Mayfly looks again by itself and on every push.'
  return `At ${commit(status)}. ${still(status)}${escapeSentence(again)}`
}

function waiting(status: PreviewStatus): string {
  if (!status.fromCluster) {
    const at = status.sha === null ? '' : `At ${commit(status)}. `
    const again = status.forPeople ? '' : 'Mayfly tries again by itself; nothing was removed.'
    return `${at}${still(status)}${again}${advice(status)}`.replace(/ {2,}/, ' ')
  }
  return `${commit(status)} is started once that is gone; Mayfly looks again by itself.${advice(status)}`
}

function refused(status: PreviewStatus): string {
  const kept = status.manifest === null ? 'Nothing was written.' : 'What stood before stays as it was.'
  return `${status.sha === null ? '' : `At ${commit(status)}. `}${kept}${advice(status)}`
}

function removing(status: PreviewStatus): string {
  const { removal, since } = status
  const where = removal?.commit ? ` in ${codeSpan(shortSha(removal.commit))}` : ''
  const when = since === null ? '' : ` at ${formatTime(since, null)}`
  return `The manifest was deleted${where}${when}; Mayfly looks again by itself.${advice(status)}`
}

function advice(status: PreviewStatus): string {
  return status.advice === '' ? '' : ` ${escapeMarkdown(status.advice)}`
}

/** Whether an older version still serves, or that nobody knows of one. */
function still({ servingSha, sha, url, fromCluster, manifest }: PreviewStatus): string {
  if (servingSha === null) return fromCluster ? 'No older version is known to be serving. ' : stays(manifest)
  if (servingSha === sha) return ''
  const where = url === null ? '' : ` at ${hostLink(url)}`
  return `${codeSpan(shortSha(servingSha))} is still serving${where}. `
}

/** Nothing is known of what runs, but what was written stays. */
function stays(manifest: PreviewStatus['manifest']): string {
  return manifest === null ? '' : 'What stood before stays as it was. '
}

function commit({ sha }: PreviewStatus): string {
  return sha === null ? 'The newest commit' : codeSpan(shortSha(sha))
}
