import { codeSpan } from './code-span.ts'

/** A URL that stands bare, where forges make it a link; anything unusual in it stands in a code span instead. */
export function link(url: string): string {
  return /^https?:\/\/[a-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9._~%/?&=+-]*)?$/.test(url) ? url : codeSpan(url)
}

/** `[host](url)`, for tables. */
export function hostLink(url: string): string {
  if (link(url) !== url) return codeSpan(url).replaceAll('|', String.raw`\|`)
  return `[${new URL(url).host}](${url})`
}
