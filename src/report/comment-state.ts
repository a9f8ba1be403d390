import type { PreviewStatus } from '../preview/status.ts'

/** A longer address would crowd out all else. */
const LONGEST_URL = 500

/** For agents and scripts that read the comment; Mayfly itself never reads it back. `more` previews did not fit. */
export function stateBlock(statuses: readonly PreviewStatus[], more: number): string {
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
