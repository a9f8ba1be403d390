const part = /^\s*<[^<>]*>\s*(?:;\s*[\w-]+\s*=\s*(?:"[^"]*"|[\w-]+)\s*)*$/

/** Whether a `Link` header (RFC 8288) announces a next page; null when it cannot be read. The URL itself is not looked at. */
export function hasNextPage(link: string | null): boolean | null {
  if (link === null || link.trim() === '') return false
  const parts = link.split(/,(?=\s*<)/)
  if (!parts.every((text) => part.test(text))) return null
  return parts.some((text) => /;\s*rel\s*=\s*"?(?:[\w-]+\s+)*next\b/i.test(text))
}
