import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Pair } from 'yaml'
import type { ConfigProblem } from './finding.ts'
import { formatPath, type Path } from './path.ts'
import { asWritten } from './variables.ts'

interface YamlTree {
  readonly tree: unknown
  readonly findings: readonly ConfigProblem[]
  readonly lineOf: (path: Path) => number | undefined
}

interface Walk {
  readonly document: Document.Parsed
  readonly counter: LineCounter
  readonly findings: ConfigProblem[]
  readonly lines: Map<string, number>
  nodes: number
}

const mostNodes = 20_000
const deepest = 64

/** Plain data of a document without syntax errors. Keys given twice, aliases that lead nowhere and excess are findings. */
export function yamlTree(document: Document.Parsed, counter: LineCounter): YamlTree {
  const walk: Walk = { document, counter, findings: [], lines: new Map(), nodes: 0 }
  const tree = visit(walk, document.contents, []) ?? {}
  return { tree, findings: walk.findings, lineOf: (path) => lineOf(walk.lines, path) }
}

function visit(walk: Walk, node: unknown, path: Path): unknown {
  walk.nodes += 1
  if (path.length > deepest || walk.nodes > mostNodes) {
    tooMuch(walk)
    return undefined
  }
  if (isAlias(node)) return visitAlias(walk, node.source, node.resolve(walk.document), path)
  if (isMap(node)) return visitMap(walk, node.items, path)
  if (isSeq(node)) return node.items.map((item, index) => visitItem(walk, item, [...path, index]))
  return isScalar(node) ? node.value : null
}

/** Also the end of an alias that contains itself. */
function tooMuch(walk: Walk): void {
  const message = 'too many values, or nested too deeply'
  if (walk.findings.some((finding) => finding.message === message)) return
  walk.findings.push({ path: [], message, hint: 'look for an alias (`*name`) that contains itself' })
}

function visitAlias(walk: Walk, name: string, target: unknown, path: Path): unknown {
  if (target !== undefined) return visit(walk, target, path)
  const message = `there is no anchor \`&${asWritten(name)}\` above`
  walk.findings.push({ path, message, hint: 'put the value in quotes if no alias is meant' })
  return undefined
}

function visitItem(walk: Walk, node: unknown, path: Path): unknown {
  remember(walk, path, node)
  return visit(walk, node, path)
}

function visitMap(walk: Walk, pairs: readonly Pair[], parent: Path): unknown {
  const entries = new Map<string, unknown>()
  for (const pair of pairs) {
    const path = [...parent, keyOf(pair)]
    const line = remember(walk, path, pair.key)
    if (entries.has(keyOf(pair))) {
      walk.findings.push({ path, message: 'is given twice', hint: 'keep one of them', ...line })
      continue
    }
    entries.set(keyOf(pair), visit(walk, pair.value, path))
  }
  // A key without a value is a setting left out; only the operator's own values may hold a null.
  return Object.fromEntries([...entries].filter(([, value]) => value !== null || parent.includes('values')))
}

function keyOf({ key }: Pair): string {
  if (isScalar(key)) return asWritten(String(key.value))
  return key === null ? '' : '[a key that is no text]'
}

function remember(walk: Walk, path: Path, node: unknown): { readonly line?: number } {
  const start = (node as { readonly range?: readonly number[] | null } | null)?.range?.[0]
  if (start === undefined) return {}
  const { line } = walk.counter.linePos(start)
  const key = formatPath(path)
  if (!walk.lines.has(key)) walk.lines.set(key, line)
  return { line }
}

function lineOf(lines: ReadonlyMap<string, number>, path: Path): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const line = lines.get(formatPath(path.slice(0, length)))
    if (line !== undefined) return line
  }
  return undefined
}
