import type { PreviewState, PreviewStatus } from '../preview/status.ts'
import { previewDetails } from './comment-details.ts'
import { stateBlock } from './comment-state.ts'
import { previewTable } from './comment-table.ts'
import { type Place, sentence } from './comment-sentence.ts'
import { link } from './link.ts'
import { prose } from './prose.ts'
import { statusWord } from './words.ts'

/** The first line of the one comment of this installation: how it is found again. */
export function commentMarker(instance: string): string {
  return `<!-- mayfly:${instance} -->`
}

/**
 * The whole comment on a merge request, as REPORT words it: the first visible line is the answer. Pure; the same
 * statuses give the same text, so an unchanged look edits nothing.
 */
export function writeComment(instance: string, statuses: readonly PreviewStatus[], place: Place): string {
  const ordered = statuses.toSorted((one, other) => (one.application < other.application ? -1 : 1))
  const [only, ...more] = ordered
  if (only === undefined) throw new RangeError('a comment speaks of at least one preview')
  const text = more.length === 0 ? aboutOne(only, place) : aboutSeveral(ordered, place)
  return `${commentMarker(instance)}\n${text}\n\n${stateBlock(ordered)}\n`
}

function aboutOne(status: PreviewStatus, place: Place): string {
  if (status.state === 'removed') return `### ${statusWord('removed')}: ${sentence(status, place)}`
  const answer = isAddress(status.state) && status.url !== null ? link(status.url) : prose(status.message)
  const lines = [`### ${statusWord(status.state, status.watched)}: ${answer}`, '', sentence(status, place)]
  const details = previewDetails([status], place)
  return details === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${details}`
}

function aboutSeveral(statuses: readonly PreviewStatus[], place: Place): string {
  const details = previewDetails(statuses, place)
  const text = `### ${summary(statuses)}\n\n${previewTable(statuses)}`
  return details === '' ? text : `${text}\n\n${details}`
}

/** The worst state speaks for all, so that nothing bad hides behind a green word. */
function summary(statuses: readonly PreviewStatus[]): string {
  const worstFirst: readonly PreviewState[] = [
    'failed',
    'degraded',
    'refused',
    'waiting',
    'removing',
    'deploying',
    'ready',
    'removed',
  ]
  const state =
    worstFirst.find((candidate) => statuses.some((status) => status.state === candidate)) ?? 'waiting'
  const count = statuses.filter((status) => status.state === state).length
  const watched = statuses.every((status) => status.watched)
  return `${statusWord(state, watched)}: ${count} of ${statuses.length} previews`
}

function isAddress(state: PreviewState): boolean {
  return state === 'ready' || state === 'deploying'
}
