import type { PreviewStatus } from '../preview/status.ts'

/** For agents and scripts that read the comment; Mayfly itself never reads it back. */
export function stateBlock(statuses: readonly PreviewStatus[]): string {
  const previews = statuses.map(({ preview, name, state, url, sha, servingSha }) => ({
    preview,
    name,
    state,
    url,
    sha,
    servingSha,
  }))
  // Inside an HTML comment nothing may look like its end.
  const json = JSON.stringify({ v: 1, previews }).replaceAll(/[<>&]|--/g, (part) =>
    [...part].map((char) => String.raw`\u00` + char.charCodeAt(0).toString(16)).join(''),
  )
  return `<!-- mayfly:state ${json} -->`
}
