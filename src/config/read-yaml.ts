import { LineCounter, parseDocument, type ErrorCode } from 'yaml'
import type { ConfigProblem } from './finding.ts'
import type { Path } from './path.ts'
import { markIn, markVariables } from './variables.ts'
import { yamlTree } from './yaml-tree.ts'

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

/** The file as plain data with its variables still marked, and where everything stands. */
export interface YamlSource {
  readonly tree: unknown
  readonly findings: readonly ConfigProblem[]
  /** The line of the key or item at `path`, or of the nearest thing around it; undefined for the whole file. */
  readonly lineOf: (path: Path) => number | undefined
  /** False when the text is no YAML: then `tree` says nothing. */
  readonly readable: boolean
}

export function readYaml(text: string): YamlSource {
  const forbidden = markIn(text)
  if (forbidden >= 0) return unreadable([unusableCharacter(text, forbidden)])
  const lines = new LineCounter()
  try {
    const document = parseDocument(markVariables(text), {
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
    })
    const faults = [...document.errors, ...document.warnings]
    if (faults.length === 0) return { ...yamlTree(document, lines), readable: true }
    return unreadable(
      firstOfEachLine(faults.map(({ code, pos }) => yamlAdvice(code, lines.linePos(pos[0]).line))),
    )
  } catch (error) {
    // The parser recurses: nesting without end overflows the stack.
    if (error instanceof RangeError)
      return unreadable([{ path: [], message: 'the YAML is nested too deeply', hint: 'write it flatter' }])
    throw error
  }
}

function unreadable(findings: readonly ConfigProblem[]): YamlSource {
  return { tree: {}, findings, lineOf: () => undefined, readable: false }
}

/** One mistake often brings several complaints about the same line. */
function firstOfEachLine(findings: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return findings.filter(({ line }, index) => findings.findIndex((other) => other.line === line) === index)
}

function unusableCharacter(text: string, index: number): ConfigProblem {
  return {
    path: [],
    message: 'the file holds a character of the private use area (U+E000 to U+E003)',
    hint: 'take it out; it may have come with a copied icon',
    line: text.slice(0, index).split('\n').length,
  }
}

/** Our words for the parser's complaint: its own may quote the line, and the line may hold a secret. */
function yamlAdvice(code: ErrorCode, line: number): ConfigProblem {
  const [message, hint] = advice[code] ?? otherwise
  return { path: [], message: `not YAML here: ${message}`, hint, line }
}

type Advice = readonly [message: string, hint: string]
