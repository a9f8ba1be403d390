import { shortSha } from '../preview/brand.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { cellSpan } from './code-span.ts'
import { hostLink } from './link.ts'
import { prose } from './prose.ts'
import { statusWord } from './words.ts'

/** One row an application, for merge requests with several previews. */
export function previewTable(statuses: readonly PreviewStatus[]): string {
  const rows = statuses.map(
    (status) =>
      `| ${cellSpan(status.application)} | ${statusWord(status.state, status.watched)} | ${open(status)} | ${commits(status)} | ${prose(status.message).replaceAll('|', String.raw`\|`)} |`,
  )
  return ['| Application | Status | Open | Commit | What it says |', '|:--|:--|:--|:--|:--|', ...rows].join(
    '\n',
  )
}

function open({ state, url }: PreviewStatus): string {
  return url !== null && (state === 'ready' || state === 'deploying') ? hostLink(url) : '–'
}

function commits({ sha, servingSha }: PreviewStatus): string {
  if (sha === null) return '–'
  if (servingSha === null || servingSha === sha) return cellSpan(shortSha(sha))
  return `serving ${cellSpan(shortSha(servingSha))}, deploying ${cellSpan(shortSha(sha))}`
}
