import { type Document, isAlias, isMap as isMapNode, isNode, isScalar, isSeq, type Scalar } from 'yaml'
import { segments, type Segment, type Tokens } from '../fill/tokens.ts'
import { asText } from '../fill/helpers.ts'
import { refuse } from '../refusal.ts'
import { showPath } from './path.ts'
import type { PathPart, Tree } from './tree.ts'

/** A document as data, values in their places. */
export interface ResolvedDocument {
  readonly tree: Tree
  /** The scalars that hold values, and how they are put together. */
  readonly scalars: readonly ResolvedScalar[]
}

export interface ResolvedScalar {
  readonly path: readonly PathPart[]
  readonly segments: readonly Segment[]
  /** Written without quotes, on its own. */
  readonly plain: boolean
}

/** Where a document stands, for messages: `prefix` goes before each path. */
export interface BindContext {
  readonly document: number
  readonly prefix: string
  readonly tokens: Tokens
}

const deepest = 64
const mostNodes = 20_000
const longestKey = 512

/**
 * Puts values in the place of tokens, in scalars only: what was one scalar stays one scalar.
 * @throws Refused where a token is part of a key, tag or anchor, and for YAML that agents read differently.
 */
export function bind(document: Document.Parsed, context: BindContext): ResolvedDocument {
  const scalars: ResolvedScalar[] = []
  const state: State = { ...context, source: document, scalars, nodes: 0 }
  return { tree: bindNode(document.contents, [], state), scalars }
}

interface State extends BindContext {
  readonly source: Document.Parsed
  readonly scalars: ResolvedScalar[]
  nodes: number
}

function bindNode(node: unknown, path: readonly PathPart[], state: State): Tree {
  state.nodes += 1
  if (state.nodes > mostNodes)
    fault(path, state, 'the document has more than 20 000 parts: repeat less, use fewer aliases')
  if (path.length > deepest)
    fault(path, state, 'it nests deeper than 64 levels: an alias may point into itself')
  if (isAlias(node))
    return bindNode(node.resolve(state.source) ?? fault(path, state, 'the alias has no anchor'), path, state)
  checkProperties(node, path, state)
  if (isMapNode(node)) return bindMap(node.items, path, state)
  if (isSeq(node)) return node.items.map((item, index) => bindNode(item, [...path, index], state))
  if (isScalar(node)) return bindScalar(node, path, state)
  return null
}

/** Aliases have no properties; a tag that nobody wrote is undefined. */
function checkProperties(node: unknown, path: readonly PathPart[], state: State): void {
  if (!isNode(node) || isAlias(node)) return
  if (node.tag !== undefined)
    fault(
      path,
      state,
      'an explicit tag changes the type: write quotes, or {{int …}} and {{bool …}}',
      node.tag,
    )
  if (!isScalar(node) && !isMapNode(node) && !isSeq(node)) return
  if (node.anchor?.includes(state.tokens.marker))
    fault(path, state, 'an anchor cannot be a value: give it a fixed name')
}

function bindMap(
  items: readonly { key: unknown; value: unknown }[],
  path: readonly PathPart[],
  state: State,
): Tree {
  const entries = new Map<string, Tree>()
  for (const { key, value } of items) {
    const name = bindKey(key, path, state)
    if (entries.has(name)) fault([...path, name], state, 'the key stands twice: keep one')
    entries.set(name, bindNode(value, [...path, name], state))
  }
  // fromEntries makes own properties, whatever a key is called.
  return Object.fromEntries(entries)
}

/** Keys are structure: of all values only the operator's own constants may be in them. */
function bindKey(key: unknown, path: readonly PathPart[], state: State): string {
  const value = isScalar(key) ? key.value : undefined
  if (typeof value !== 'string')
    return fault(
      path,
      state,
      'a key is not a plain text: put it in quotes',
      isScalar(key) ? value : undefined,
    )
  checkProperties(key, path, state)
  if (value === '<<') return fault(path, state, 'merge keys are not offered: write the keys out')
  const parts = segments(value, state.tokens)
  for (const part of parts)
    if (part.kind === 'value' && (part.templateValue.origin === 'forge' || part.templateValue.as === 'typed'))
      fault(
        path,
        state,
        'a value from a merge request cannot be a key: make it a value',
        part.templateValue.value,
      )
  const name = joined(parts)
  if (name.length > longestKey)
    fault(path, state, `a key is longer than ${longestKey} characters: shorten it`, name)
  return name
}

function bindScalar(node: Scalar, path: readonly PathPart[], state: State): Tree {
  const { value } = node
  if (typeof value === 'string') return bindText(value, node.type === 'PLAIN', path, state)
  if (typeof value === 'number') return bindNumber(value, node.source ?? '', path, state)
  return typeof value === 'boolean' ? value : null
}

function bindText(value: string, plain: boolean, path: readonly PathPart[], state: State): Tree {
  const parts = segments(value, state.tokens)
  const [only] = parts
  if (parts.every(({ kind }) => kind === 'text')) return value
  state.scalars.push({ path, segments: parts, plain })
  if (plain && parts.length === 1 && only?.kind === 'value' && only.templateValue.as === 'typed')
    return only.templateValue.value as number | boolean
  return joined(parts)
}

function bindNumber(value: number, source: string, path: readonly PathPart[], state: State): Tree {
  if (/^[-+]?0\d/.test(source))
    fault(path, state, 'a leading zero is read as octal by some: put it in quotes or take it away', source)
  const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  if (!exact) fault(path, state, 'this number cannot be kept exactly: put it in quotes', source)
  return value
}

/** The text that segments make together. */
export function joined(parts: readonly Segment[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : asText(part.templateValue))).join('')
}

function fault(path: readonly PathPart[], state: State, advice: string, value?: unknown): never {
  refuse({ document: state.document, path: `${state.prefix}${showPath(path)}`, value, rule: 'yaml', advice })
}
