import { plainLine } from '../preview/plain-line.ts'
import { codeSpan } from './code-span.ts'

const MOST = 800

/**
 * A message in words that may quote a stranger's text: words of plain letters stay prose, everything else stands in code
 * spans, so that no mention, reference, link or HTML comes out of it. What is longer than a few sentences is cut.
 */
export function prose(message: string): string {
  const line = plainLine(message, MOST)
  if (line === '') return codeSpan(line)
  const runs: { plain: boolean; text: string }[] = []
  for (const word of line.split(' ')) {
    const plain = isPlain(word)
    const last = runs.at(-1)
    if (last?.plain === plain) last.text += ` ${word}`
    else runs.push({ plain, text: word })
  }
  return runs.map(({ plain, text }) => (plain ? text : codeSpan(text))).join(' ')
}

/** Letters with ordinary punctuation at the end: cannot be a host name, an address, a mention, a reference or markup. */
function isPlain(word: string): boolean {
  return (
    /^[(]?(?:[A-Za-z]+(?:['’-][A-Za-z]+)*|\d{1,6})[)]?[,.:;?!)]?$/.test(word) &&
    !/^[(]?(?:https?|www|ftp|mailto)/i.test(word) &&
    // The id of a commit may be all letters, and a tracker's key may end in some.
    !/[a-f]{7}/i.test(word) &&
    !/^[(]?[A-Z]{2,}-/.test(word)
  )
}
