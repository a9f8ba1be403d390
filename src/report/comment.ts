import type { PreviewStatus } from '../preview/status.ts'
import { previewDetails } from './comment-details.ts'
import { headline } from './comment-headline.ts'
import { aboutSeveral, stoodOnce, worstFirst } from './comment-several.ts'
import { removedWords } from './comment-end.ts'
import { type EnvironmentBranch, sentence } from './comment-sentence.ts'
import { formatState } from './format.ts'

/** A longer address would crowd out all else. */
const LONGEST_URL = 500

/** The first line of the one comment of this installation: how it is found again. */
export function commentMarker(instance: string): string {
  return `<!-- mayfly:${instance} -->`
}

/**
 * The line that names an end, whole and the same in every wording of it; null while anything is not at its end. How long the
 * end took is known only to the process that saw it: no other one words it anew.
 */
export function endLine(statuses: readonly PreviewStatus[]): string | null {
  const isEnd = ({ state, removal }: PreviewStatus) => state === 'removed' && removal !== null
  if (!statuses.every(isEnd)) return null
  const shown = shownOf(statuses)
  return shown.every(stoodOnce) ? stateBlock(shown, 0) : null
}

/** GitHub takes 65 536 characters, GitLab a million, Gitea more; the rest is for forges that keep a line end as two. */
const LONGEST = 60_000

/** How much is said: reasons of each preview, and previews in all. */
interface Room {
  readonly reasons: number
  readonly previews: number
}

const rooms: readonly Room[] = [
  { reasons: 20, previews: Number.POSITIVE_INFINITY },
  { reasons: 3, previews: Number.POSITIVE_INFINITY },
  ...[64, 32, 16, 8, 4, 2, 1].map((previews) => ({ reasons: 0, previews })),
]

/**
 * The whole comment on a merge request, as REPORT words it: the first visible line is the answer. Pure; the same
 * statuses give the same text, so an unchanged look edits nothing. What does not fit is left out, and the comment says so.
 */
export function writeComment(
  instance: string,
  statuses: readonly PreviewStatus[],
  place: EnvironmentBranch,
): string {
  if (statuses.length === 0) throw new RangeError('a comment speaks of at least one preview')
  const shown = shownOf(statuses)
  for (const room of rooms) {
    const text = `${commentMarker(instance)}\n${body(shown, place, room)}\n`
    if (text.length <= LONGEST) return text
  }
  throw new RangeError('a comment on one preview is longer than any forge takes')
}

/** Of what never was nobody needs to hear, unless there is nothing else. */
function shownOf(statuses: readonly PreviewStatus[]): readonly PreviewStatus[] {
  const stood = statuses.filter(stoodOnce)
  return inOrder(stood.length > 0 ? stood : statuses)
}

function body(
  statuses: readonly PreviewStatus[],
  place: EnvironmentBranch,
  { previews, reasons }: Room,
): string {
  const shown = statuses.length > previews ? worstFirst(statuses).slice(0, previews) : statuses
  const ordered = inOrder(shown)
  const more = statuses.length - shown.length
  const [only] = statuses
  const answer =
    only !== undefined && statuses.length === 1
      ? aboutOne(only, place)
      : aboutSeveral(statuses, ordered, place)
  const cut = more === 0 ? '' : `${more} more previews do not fit here; the worst are shown.`
  return [...answer, cut, previewDetails(ordered, place, reasons), stateBlock(ordered, more)]
    .filter((part) => part !== '')
    .join('\n\n')
}

function inOrder(statuses: readonly PreviewStatus[]): readonly PreviewStatus[] {
  return statuses.toSorted((one, other) => (one.application < other.application ? -1 : 1))
}

function aboutOne(status: PreviewStatus, place: EnvironmentBranch): readonly string[] {
  if (status.state === 'removed') return [`### ${formatState('removed')}${removedWords(status)}`]
  return [`### ${headline(status)}`, sentence(status, place)]
}

/** For agents and scripts that read the comment; Mayfly itself never reads it back. `more` previews did not fit. */
function stateBlock(statuses: readonly PreviewStatus[], more: number): string {
  const previews = statuses.map(({ preview, name, state, url, sha, servingSha, removal }) => ({
    preview,
    name,
    state,
    url: url !== null && url.length > LONGEST_URL ? null : url,
    sha,
    servingSha,
    // Names the end, so that the same one is not said again in other words.
    ...(state === 'removed' && removal !== null && removal.commit !== null
      ? { removedIn: removal.commit }
      : {}),
  }))
  // Inside an HTML comment nothing may look like its end, and nothing may be read by a forge that looks into it.
  const json = JSON.stringify({ v: 1, previews, ...(more > 0 ? { more } : {}) }).replaceAll(
    /[^ -~]|[<>&@#`]|--/g,
    (part) => part.split('').map(escaped).join(''),
  )
  return `<!-- mayfly:state ${json} -->`
}

function escaped(unit: string): string {
  return String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0')
}
