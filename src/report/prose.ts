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
  const runs: { kind: Kind; text: string }[] = []
  const words = wordsOf(line)
  for (const [at, word] of words.entries()) {
    const kind = kindOf(word, words[at - 1])
    const last = runs.at(-1)
    if (last?.kind === kind && kind !== 'quoted') last.text += ` ${word}`
    else runs.push({ kind, text: word })
  }
  return runs.map(written).join(' ')
}

/** `quoted`: the message itself put it between backticks. */
type Kind = 'plain' | 'quoted' | 'value'

function wordsOf(line: string): readonly string[] {
  return line.match(/(?<![^ ])`[^`]+`[,.:;]?(?![^ ])|[^ ]+/g) ?? []
}

function kindOf(word: string, before: string | undefined): Kind {
  if (quoted.test(word)) return 'quoted'
  const isFirst = before === undefined
  return isPlain(word) && !isName(word, before) && !(isFirst && isListMark(word)) ? 'plain' : 'value'
}

const quoted = /^`([^`]+)`([,.:;]?)$/

function written({ kind, text }: { readonly kind: Kind; readonly text: string }): string {
  switch (kind) {
    case 'plain':
      return text
    case 'quoted': {
      const [, inner = text, end = ''] = quoted.exec(text) ?? []
      return `${codeSpan(inner)}${end}`
    }
    case 'value':
      return value(text)
  }
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
