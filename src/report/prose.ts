import { codeSpan } from './code-span.ts'

/**
 * A message in words that may quote a stranger's text: words of plain letters stay prose, everything else stands in code
 * spans, so that no mention, reference, link or HTML comes out of it.
 */
export function prose(message: string): string {
  const words = message.split(/\s+/).filter((word) => word !== '')
  const runs: { plain: boolean; text: string }[] = []
  for (const word of words) {
    const plain = isPlain(word)
    const last = runs.at(-1)
    if (last?.plain === plain) last.text += ` ${word}`
    else runs.push({ plain, text: word })
  }
  return runs.map(({ plain, text }) => (plain ? text : codeSpan(text))).join(' ')
}

/** Letters with ordinary punctuation at the end: cannot be a host name, an address, a mention, a reference or markup. */
function isPlain(word: string): boolean {
  if (/^[0-9a-f]{7,}$/i.test(word)) return false
  return (
    /^[(]?(?:\p{L}+(?:['’-]\p{L}+)*|\d{1,6}(?![\d\p{L}]))[)]?[,.:;?!)]?$/u.test(word) &&
    !/^(?:https?|www|ftp|mailto)/i.test(word)
  )
}
