import { shortSha } from '../preview/brand.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { codeSpan } from './code-span.ts'
import type { EnvironmentBranch } from './comment-sentence.ts'
import { escapeMarkdown } from './escape-markdown.ts'

/** What only some readers want, folded: at most `most` reasons of each preview, where the manifest stands, what happens at the end. */
export function previewDetails(
  statuses: readonly PreviewStatus[],
  place: EnvironmentBranch,
  most: number,
): string {
  const open = statuses.filter(({ state }) => state !== 'removed')
  const of = (status: PreviewStatus) => (statuses.length > 1 ? `${codeSpan(status.application)}: ` : '')
  const shown = open.filter(isShown)
  const sources = open.flatMap((status) => [
    ...(status.fromCluster ? [] : reasons(status, most, of(status), codeSpan)),
    ...(status.fromCluster ? [] : rules(status, most, of(status))),
    ...source(status, place),
  ])
  return [
    folded(
      summary(shown),
      shown.flatMap((status) => reasons(status, most, of(status), escapeMarkdown)),
    ),
    folded('Details', [...sources, ...ending(open)]),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** Whether the cluster says more of it than the headline. */
function isShown({ fromCluster, details }: PreviewStatus): boolean {
  return fromCluster && details.length > 0
}

/** For example ``Deployment `web` cannot pull its image``. */
function resourceOf(line: string): string | undefined {
  return /^(?:[A-Z][A-Za-z]+ hook )?[A-Z][A-Za-z]+ `[^`]+`/.exec(line)?.[0]
}

/** All that the cluster says; the headline's line once more where it is one of a list of resources. */
function linesOf({ message, details, fromCluster }: PreviewStatus): readonly string[] {
  return fromCluster && resourceOf(message) !== undefined ? [message, ...details] : details
}

/** Counts resources only where each line begins with one. */
function summary(statuses: readonly PreviewStatus[]): string {
  const lines = statuses.flatMap((status) =>
    linesOf(status).map((line) => ({ ...status, resource: resourceOf(line) })),
  )
  const isKnown = lines.every(
    ({ state, resource }) => resource !== undefined && (state === 'degraded' || state === 'failed'),
  )
  if (!isKnown) return 'What the cluster says'
  const count = new Set(lines.map(({ application, resource }) => `${application} ${resource ?? ''}`)).size
  return count === 1 ? '1 resource is not healthy' : `${count} resources are not healthy`
}

function reasons(
  status: PreviewStatus,
  most: number,
  of: string,
  words: (reason: string) => string,
): string[] {
  const lines = linesOf(status)
  const shown = lines.slice(0, most).map((reason) => `- ${of}${words(reason)}`)
  const hidden = lines.length - shown.length
  return [...shown, ...(hidden > 0 ? [`- ${of}and ${hidden} more of this kind`] : [])]
}

/** The rules that said no, as `mayfly why` tells them; what is said already is not said twice. */
function rules({ rulings, message, details }: PreviewStatus, most: number, of: string): string[] {
  const said = [message, ...details, details.join('; ')]
  return rulings.slice(0, most).map(({ rule, saw }) => {
    const more = said.includes(saw) ? '.' : `: ${codeSpan(saw)}`
    return `- ${of}The rule ${codeSpan(rule)} says no${more}`
  })
}

function source({ manifest, namespace, state }: PreviewStatus, { branch }: EnvironmentBranch): string[] {
  if (manifest === null) return state === 'removing' ? [`- Namespace: ${codeSpan(namespace)}`] : []
  const where = manifest.commit === null ? '' : ` in ${codeSpan(shortSha(manifest.commit))}`
  return [
    `- Manifest: ${codeSpan(manifest.path)} on ${codeSpan(branch)}${where}`,
    `- Namespace: ${codeSpan(namespace)}`,
  ]
}

function ending(statuses: readonly PreviewStatus[]): string[] {
  if (statuses.every(({ manifest }) => manifest === null)) return []
  return [
    '- When the merge request is merged or closed, the manifest is deleted and the preview goes with it.',
  ]
}

function folded(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`
}
