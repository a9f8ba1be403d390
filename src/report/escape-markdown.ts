import { plainLine } from '../preview/plain-line.ts'
import { codeSpan } from './code-span.ts'

const MOST = 800

/**
 * A message in words that may quote a stranger's text: words of plain letters stay prose, everything else stands in code
 * spans, so that no mention, reference, link or HTML comes out of it. What stands between single backticks already is one
 * value. What is longer than a few sentences is cut.
 */
export function escapeMarkdown(message: string): string {
  const line = plainLine(message, MOST)
  if (line === '') return codeSpan(line)
  return partsOf(line).map(shown).join(' ')
}

interface Part {
  readonly is: 'words' | 'value'
  readonly text: string
}

/** Between spaces: values as they are marked, and runs of plain words and of others. */
function partsOf(line: string): readonly Part[] {
  const parts: Part[] = []
  for (const [text] of line.matchAll(/(?<=^| )`[^`]+`[,.:;?!)]?(?= |$)|[^ ]+/g)) {
    const isMarked = /^`[^`]+`[,.:;?!)]?$/.test(text)
    const is = !isMarked && isPlain(text) && !(parts.length === 0 && isListMark(text)) ? 'words' : 'value'
    const last = parts.at(-1)
    if (last?.is === is && !isMarked && !last.text.includes('`'))
      parts.splice(-1, 1, { is, text: `${last.text} ${text}` })
    else parts.push({ is, text })
  }
  return parts
}

/** The comma or colon of the sentence stays outside of the code span. */
function shown({ is, text }: Part): string {
  if (is === 'words') return text
  const [, marked, after] = /^`([^`]+)`([,.:;?!)]?)$/.exec(text) ?? []
  if (marked !== undefined) return `${codeSpan(marked)}${after ?? ''}`
  const [, inner = text, end = ''] = /^(.*\w)([,.:;])$/.exec(text) ?? []
  return `${codeSpan(inner)}${end}`
}

/** At its beginning, where the line stands in a list, it would begin one more. */
function isListMark(word: string): boolean {
  return /^\d+[.)]$/.test(word)
}

/** The same with a full stop, unless it ends a sentence already. */
export function escapeSentence(message: string): string {
  return `${escapeMarkdown(message)}${/[.!?…]$/.test(plainLine(message, MOST)) ? '' : '.'}`
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
