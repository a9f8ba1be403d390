import type { ErrorCode } from 'yaml'
import type { ConfigProblem } from './finding.ts'

/** Our words for the parser's complaint: its own may quote the line, and the line may hold a secret. */
export function yamlAdvice(code: ErrorCode, line: number): ConfigProblem {
  const [message, hint] = advice[code] ?? otherwise
  return { path: [], message: `not YAML here: ${message}`, hint, line }
}

type Advice = readonly [message: string, hint: string]

const otherwise: Advice = [
  'it cannot be read',
  'look at the indentation, the quotes and the brackets of this line',
]
const quote = 'put the value in quotes'
const align = 'give all keys of one mapping the same indentation, in spaces'
const plain = 'write the value itself; anchors and tags are not needed here'

const advice: Partial<Record<ErrorCode, Advice>> = {
  BAD_ALIAS: ['a `*` begins an alias that cannot be used so', quote],
  BAD_DQ_ESCAPE: ['a backslash in double quotes begins an unknown escape', 'use single quotes'],
  BAD_INDENT: ['the indentation does not fit', align],
  BAD_SCALAR_START: ['a value begins with a character that YAML keeps for itself', quote],
  BLOCK_AS_IMPLICIT_KEY: ['a second `: ` stands on one line', quote],
  BLOCK_IN_FLOW: ['a block stands inside brackets', 'write the brackets out as indented lines'],
  MISSING_CHAR: ['a quote, bracket, comma or colon is missing', otherwise[1]],
  MULTILINE_IMPLICIT_KEY: ['a key goes over several lines', 'look for a missing colon'],
  MULTIPLE_ANCHORS: ['a value has two anchors', plain],
  MULTIPLE_DOCS: ['a second document begins', 'keep one document; take the `---` out'],
  MULTIPLE_TAGS: ['a value has two tags', plain],
  TAB_AS_INDENT: ['a tab is used as indentation', 'indent with spaces'],
  TAG_RESOLVE_FAILED: ['a `!` begins an unknown tag', quote],
  UNEXPECTED_TOKEN: ['something stands where nothing was expected', otherwise[1]],
}
