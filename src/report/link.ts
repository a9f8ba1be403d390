import { codeSpan } from './code-span.ts'

/** Forges leave some signs at the end of a bare URL out of the link. */
const bare =
  /^https?:\/\/[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d+)?(?:\/(?:[A-Za-z0-9._~%/?&=+-]*[A-Za-z0-9/=+-])?)?$/

const MOST = 500

/** A URL that stands bare, where forges make it a link; anything unusual in it stands in a code span instead. */
export function link(url: string): string {
  return isBare(url) ? url : codeSpan(url)
}

/** `[host](url)`, for tables. */
export function hostLink(url: string): string {
  return isBare(url) ? `[${new URL(url).host}](${url})` : codeSpan(url)
}

function isBare(url: string): boolean {
  return url.length <= MOST && bare.test(url)
}
