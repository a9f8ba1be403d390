import type { PreviewStatus } from '../preview/status.ts'
import { codeSpan } from './code-span.ts'
import type { Place } from './comment-sentence.ts'

/** What only some readers want, folded: at most `most` reasons of each preview, where the manifest stands, what happens at the end. */
export function previewDetails(statuses: readonly PreviewStatus[], place: Place, most: number): string {
  const open = statuses.filter(({ state }) => state !== 'removed')
  const of = (status: PreviewStatus) => (statuses.length > 1 ? `${codeSpan(status.application)}: ` : '')
  const lines = [...open.flatMap((status) => about(status, place, most, of(status))), ...ending(open)]
  return lines.length === 0 ? '' : `<details><summary>Details</summary>\n\n${lines.join('\n')}\n\n</details>`
}

function about(status: PreviewStatus, place: Place, most: number, of: string): string[] {
  const reasons = status.details.slice(0, most).map((reason) => `- ${of}${codeSpan(reason)}`)
  const hidden = status.details.length - reasons.length
  return [
    ...reasons,
    ...(hidden > 0 ? [`- ${of}and ${hidden} more of this kind`] : []),
    ...(status.manifest === null
      ? []
      : [
          `- Manifest: ${codeSpan(status.manifest.path)} on ${codeSpan(place.branch)}`,
          `- Namespace: ${codeSpan(status.namespace)}`,
        ]),
  ]
}

function ending(statuses: readonly PreviewStatus[]): string[] {
  if (statuses.every(({ manifest }) => manifest === null)) return []
  return [
    '- When the merge request is merged or closed, the manifest is deleted and the preview goes with it.',
  ]
}
