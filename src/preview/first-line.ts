/** Of a text of any length no more than this is looked at. */
const most = 200

/** The first line of a comment that has something in it, without spaces at its ends; null when there is none, or Markdown takes it for code. */
export function firstLine(text: string): string | null {
  const [, line] = /^(?:[ \t]*\r?\n)*( {0,3}\S[^\r\n]*)/.exec(text.slice(0, most)) ?? []
  return line === undefined ? null : line.trim()
}
