/** `text` as a Markdown code span: one line, its fence longer than any run of backticks inside, so nothing in it is markup. */
export function codeSpan(text: string): string {
  const line = oneLine(text)
  if (line === '') return '`?`'
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** As `codeSpan`, for a cell of a table, where a pipe ends the cell even inside a span. */
export function cellSpan(text: string): string {
  return codeSpan(text).replaceAll('|', String.raw`\|`)
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, 500)
}
