import { shortSha } from '../preview/brand.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { codeSpan } from './code-span.ts'
import { hostLink } from './link.ts'
import { formatMoment, formatState } from './format.ts'

/** One row an application, for merge requests with several previews. */
export function previewTable(statuses: readonly PreviewStatus[]): string {
  return [
    row(['Application', 'Status', 'Open', 'Commit', 'Since (UTC)']),
    '|:--|:--|:--|:--|:--|',
    ...statuses.map((status) =>
      row([
        codeSpan(status.application),
        formatState(status.state, status.watched),
        open(status),
        commits(status),
        status.since === null ? '–' : formatMoment(status.since),
      ]),
    ),
  ].join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`
}

function open({ state, url }: PreviewStatus): string {
  return url !== null && (state === 'ready' || state === 'deploying') ? hostLink(url) : '–'
}

/** Of what is on its way out no commit is of interest. */
function commits({ state, sha, servingSha }: PreviewStatus): string {
  if (sha === null || state === 'removing' || state === 'removed') return '–'
  if (servingSha === null || servingSha === sha) return codeSpan(shortSha(sha))
  return `serving ${codeSpan(shortSha(servingSha))}, deploying ${codeSpan(shortSha(sha))}`
}

/**
 * Markdown that stands in a cell of a table, where a pipe ends the cell even inside a code span. Forges do not agree on what
 * backslashes before an escaped pipe mean, so a broken bar stands for it.
 */
function cell(markdown: string): string {
  return markdown.replaceAll('|', '¦')
}
