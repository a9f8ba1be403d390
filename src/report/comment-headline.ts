import type { PreviewStatus } from '../preview/status.ts'
import { link } from './link.ts'
import { escapeMarkdown } from './escape-markdown.ts'
import { formatState } from './format.ts'

/** The answer of one preview: its status word, and where it can be opened or why not. */
export function headline({ state, url, message, watched }: PreviewStatus): string {
  const isAddress = state === 'ready' || state === 'deploying'
  return `${formatState(state, watched)}: ${isAddress && url !== null ? link(url) : escapeMarkdown(message)}`
}
