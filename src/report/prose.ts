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
  const words = line.split(' ')
  for (const [at, word] of words.entries()) {
    const plain = isPlain(word) && !isName(word, words[at - 1]) && !(at === 0 && isListMark(word))
    const last = runs.at(-1)
    if (last?.plain === plain) last.text += ` ${word}`
    else runs.push({ plain, text: word })
  }
  return runs.map(({ plain, text }) => (plain ? text : value(text))).join(' ')
}

/** In a code span; the comma or colon of the sentence stays outside. */
function value(text: string): string {
  const [, inner = text, end = ''] = /^(.*\w)([,.:;])$/.exec(text) ?? []
  return `${codeSpan(inner)}${end}`
}

const kinds =
  /^[(]?(?:Application|ConfigMap|CronJob|DaemonSet|Deployment|HelmRelease|Ingress|Job|Kustomization|Namespace|Pod|ReplicaSet|Service|StatefulSet)$/
const verbs =
  /^(?:and|are|can|cannot|could|did|do|does|exceeded|failed|had|has|have|in|is|may|must|not|of|or|should|that|to|was|were|which|will|with)$/

/** At its beginning, where the line stands in a list, it would begin one more. */
function isListMark(word: string): boolean {
  return /^\d+[.)]$/.test(word)
}

/** What stands after the kind of an object is its name, even where it is a word of plain letters. */
function isName(word: string, before: string | undefined): boolean {
  return before !== undefined && kinds.test(before) && /^[a-z][a-z-]*[,.:;]?$/.test(word) && !verbs.test(word)
}

/** The same with a full stop, unless it ends a sentence already. */
export function proseSentence(message: string): string {
  return `${prose(message)}${/[.!?…]$/.test(plainLine(message, MOST)) ? '' : '.'}`
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
