/** Subject, blank line, trailers. Line breaks in values become spaces, so that no value can pass for a trailer. */
export function commitMessage(subject: string, trailers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(trailers).map(([key, value]) => `${key}: ${oneLine(value)}`)
  return `${oneLine(subject)}\n\n${lines.join('\n')}\n`
}

/** A name or an address for an author line, where `<`, `>` and line breaks are structure. */
export function authorPart(value: string, fallback: string): string {
  const clean = oneLine(value.replace(/[<>]/g, '')).slice(0, 200).trim()
  // Git refuses a name made only of these.
  return /^[.,:;"'\s]*$/.test(clean) ? fallback : clean
}

function oneLine(value: string): string {
  return value.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim()
}
