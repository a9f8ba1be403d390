import type { PreviewStatus } from '../preview/status.ts'
import { link } from './link.ts'
import { prose } from './prose.ts'
import { statusWord } from './words.ts'

/** The answer of one preview: its status word, and where it can be opened or why not. */
export function headline({ state, url, message, watched }: PreviewStatus): string {
  const isAddress = state === 'ready' || state === 'deploying'
  return `${statusWord(state, watched)}: ${isAddress && url !== null ? link(url) : prose(message)}`
}
