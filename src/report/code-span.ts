import { plainLine } from '../preview/plain-line.ts'

const MOST = 500

/** `text` as a Markdown code span: one line, its fence longer than any run of backticks inside, so nothing in it is markup. */
export function codeSpan(text: string): string {
  const line = plainLine(text, MOST)
  if (line === '') return '`?`'
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}
