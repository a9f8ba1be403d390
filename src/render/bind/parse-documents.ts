import { type Document, isCollection, LineCounter, parseAllDocuments } from 'yaml'
import { boundedCache } from '../../pace/bounded-map.ts'

/** Levels of flow brackets, and indicators in one line (`- - -`, `a: a:`): no honest manifest comes near. */
const most = 100

/** YAML as read: the trees of its documents, or what is wrong with it and in which line. */
export type ParsedDocuments =
  | { readonly kind: 'read'; readonly documents: readonly Document.Parsed[]; readonly lines: LineCounter }
  | { readonly kind: 'broken'; readonly line: number; readonly message: string }

/**
 * All documents of a text, empty ones left out. Tokens stand for values, so merge requests of one template share one
 * text: it is read once. The trees must not be changed.
 */
export const parseDocuments = boundedCache<ParsedDocuments>(64, read)

function read(text: string): ParsedDocuments {
  if (isYamlTooDeep(text)) return { kind: 'broken', line: 1, message: 'it nests too deep' }
  const lines = new LineCounter()
  try {
    const documents = [...parseAllDocuments(text, { ...strictly, lineCounter: lines })]
    for (const document of documents) {
      const [error] = document.errors
      if (error !== undefined)
        return { kind: 'broken', line: lines.linePos(error.pos[0]).line, message: error.message }
      if (document.directives.yaml.explicit)
        return {
          kind: 'broken',
          line: 1,
          message: 'a %YAML directive changes how values are read: take it out',
        }
    }
    return { kind: 'read', documents: documents.filter(hasContent), lines }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { kind: 'broken', line: 1, message: 'it nests too deep' }
  }
}

const strictly = {
  version: '1.2',
  schema: 'core',
  merge: false,
  strict: true,
  // Duplicates are found while binding: the library compares each key with every other.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const

function hasContent({ contents }: Document.Parsed): boolean {
  return contents !== null && (isCollection(contents) || (contents as { value?: unknown }).value !== null)
}

/**
 * Whether a text may nest so deep that a recursive reader exhausts the stack, which can end the process. Counts
 * brackets and `- ? :` without looking at quotes: it may be wrong only for absurd texts. Indentation bounds itself,
 * as every level costs a column in every deeper line.
 */
export function isYamlTooDeep(text: string): boolean {
  return flowDepth(text) > most || text.split('\n').some((line) => indicators(line) > most)
}

function flowDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1)
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

function indicators(line: string): number {
  return line.length < 2 * most ? 0 : (line.match(/[-?:](?=\s|$)/g)?.length ?? 0)
}
