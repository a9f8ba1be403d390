import type { Manifest, View } from '../environment-repository/port.ts'
import type { Application } from '../preview/application.ts'
import { parsePreviewId, type PreviewId } from '../preview/preview-id.ts'
import type { Refusal } from '../render/render.ts'

/** A name or a number is in the URL as it is: no two previews of one application have it. */
const unmistakable = /\{\{\{?\s*(?:name|number|namespace)\s*\}/

/** Whether two previews of this application may get one URL. Then it stands in their manifests, so that the branch tells. */
export function mayShareUrl({ url }: Pick<Application, 'url'>): boolean {
  return url !== null && !unmistakable.test(url)
}

/**
 * Two previews at one address would answer in turn: the one that stands keeps it, and the other one is refused before it is written.
 * Null: nobody else has this URL.
 */
export function sharedUrl(
  {
    application,
    preview,
    url,
  }: { readonly application: Application; readonly preview: PreviewId; readonly url: string | null },
  standing: readonly Manifest[],
  view: View,
): Refusal | null {
  if (url === null || !mayShareUrl(application)) return null
  const wanted = addressOf(url)
  const hasIt = ({ annotations }: Manifest): boolean =>
    annotations['url'] !== undefined && addressOf(annotations['url']) === wanted
  // Both may have been written in one moment: then the older one keeps it.
  const counts = standing.some(hasIt)
    ? (other: Manifest) => numberOf(other.preview) < numberOf(preview)
    : () => true
  const isSibling = (other: PreviewId): boolean =>
    other !== preview && parsePreviewId(other)?.application === application.name
  const other = view
    .manifests()
    .find((manifest) => isSibling(manifest.preview) && hasIt(manifest) && counts(manifest))
  if (other === undefined) return null
  const message = `the url of ${preview} is ${url}, which ${other.preview} (${other.path}) has already: write {{name}} or {{number}} into the application's url`
  return { document: 0, path: 'url', value: url, rule: 'url', message }
}

function numberOf(preview: PreviewId): number {
  return parsePreviewId(preview)?.number ?? 0
}

/** Hosts have no upper case. */
function addressOf(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url
}
