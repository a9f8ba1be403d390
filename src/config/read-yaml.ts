import { LineCounter, parseDocument } from 'yaml'
import type { ConfigProblem } from './finding.ts'
import type { Path } from './path.ts'
import { markIn, markVariables } from './variables.ts'
import { yamlAdvice } from './yaml-advice.ts'
import { yamlTree } from './yaml-tree.ts'

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
