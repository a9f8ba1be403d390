import { shortSha } from '../preview/brand.ts'
import type { PreviewStatus, Removal } from '../preview/status.ts'
import { codeSpan } from './code-span.ts'
import { prose } from './prose.ts'
import { lifetime } from './words.ts'

/** Where manifests are written. */
export interface Place {
  readonly branch: string
}

/** The line under the answer: which commit, what it is, what happens next. */
export function sentence(status: PreviewStatus, place: Place): string {
  switch (status.state) {
    case 'deploying':
      return deploying(status, place)
    case 'ready':
      return `${commit(status)} is running and healthy.`
    case 'degraded':
    case 'failed':
      return `${still(status)}Mayfly looks again by itself and on every push.`
    case 'waiting':
      return `${still(status)}Mayfly tries again by itself; nothing was removed.`
    case 'refused':
      return refused(status)
    case 'removing':
      return `The manifest is deleted; ${prose(status.message)}.`
    case 'removed':
      return removed(status)
  }
}

function deploying(status: PreviewStatus, place: Place): string {
  const written = status.manifest?.commit
  const where = written ? ` in ${codeSpan(shortSha(written))}` : ''
  if (!status.watched)
    return `${commit(status)} is written to ${codeSpan(place.branch)}${where}; ${prose(status.message)}.`
  if (status.servingSha !== null && status.servingSha !== status.sha)
    return `Serving ${codeSpan(shortSha(status.servingSha))}, deploying ${commit(status)}: ${prose(status.message)}.`
  return `${commit(status)} is written to ${codeSpan(place.branch)}${where}: ${prose(status.message)}.`
}

function refused(status: PreviewStatus): string {
  const kept = status.manifest === null ? 'Nothing was written.' : 'What stood before stays as it was.'
  const advice = status.advice === '' ? '' : ` ${prose(status.advice)}`
  return `${status.sha === null ? '' : `At ${commit(status)}. `}${kept}${advice}`
}

function removed({ message, removal }: PreviewStatus): string {
  return `${prose(message)}${removal === null ? '' : endFacts(removal)}`
}

/** What is known of a life that ended, in brackets after a space; empty when nothing is. */
export function endFacts({ livedMs, deploys, commit }: Omit<Removal, 'cause'>): string {
  const facts = [
    ...(livedMs === null ? [] : [`lived ${lifetime(livedMs)}`]),
    ...(deploys === null ? [] : [`${deploys} ${deploys === 1 ? 'deploy' : 'deploys'}`]),
    ...(commit === null ? [] : [`manifest deleted in ${codeSpan(shortSha(commit))}`]),
  ]
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}

function still({ servingSha }: PreviewStatus): string {
  return servingSha === null ? '' : `${codeSpan(shortSha(servingSha))} is still serving. `
}

function commit({ sha }: PreviewStatus): string {
  return sha === null ? 'The newest commit' : codeSpan(shortSha(sha))
}
