/** Whether `text` matches `glob`: `*` within a path segment, `**` across segments, `?` one character; all else is literal. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob.replaceAll(/\*\*\/?|[*?]|[^*?]+/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return part.replaceAll(/[.+^${}()|[\]\\/]/g, String.raw`\$&`)
  })
  return new RegExp(`^${pattern}$`, 's').test(text)
}
