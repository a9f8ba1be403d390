import type { Fact } from '../fill/fact.ts'
import { text } from '../fill/helpers.ts'
import type { Tokens } from '../fill/tokens.ts'
import { refuse } from '../refusal.ts'
import { writeTree } from '../write/write-tree.ts'
import { bind, type Bound, type BoundScalar } from './bind.ts'
import { parseDocuments } from './parse-documents.ts'
import { matchesPath, showPath } from './path.ts'
import { at, isList, isMap, replacedAt } from './tree.ts'

/** A bound document whose nested YAML has been bound too; `nested` are the values inside, by field. */
export interface TwiceBound extends Bound {
  readonly nested: readonly Nested[]
}

export interface Nested {
  readonly field: string
  readonly bound: Bound
}

/** Fields whose text an agent parses as YAML once more, by kind. */
const yamlFields: Readonly<Record<string, readonly string[]>> = {
  Application: ['helm.values', 'kustomize.patches[].patch'].flatMap((field) => [
    `spec.source.${field}`,
    `spec.sources[].${field}`,
  ]),
  Kustomization: ['spec.patches[].patch'],
  HelmRelease: ['spec.postRenderers[].kustomize.patches[].patch'],
}

/**
 * Binds values one level down where a text is parsed again: they are scalars there as well, never structure.
 * @throws Refused when such a text is broken, or when a typed helper is not a whole scalar of its own.
 */
export function bindSecondParsers(bound: Bound, document: number, tokens: Tokens): TwiceBound {
  const kind = at(bound.tree, ['kind'])
  const patterns = typeof kind === 'string' && Object.hasOwn(yamlFields, kind) ? (yamlFields[kind] ?? []) : []
  let { tree } = bound
  const scalars: BoundScalar[] = []
  const nested: Nested[] = []
  for (const scalar of bound.scalars) {
    const inner = patterns.some((pattern) => matchesPath(pattern, scalar.path))
      ? bindInner(scalar, document, tokens)
      : undefined
    if (inner === undefined) {
      checkTyped(scalar, document)
      scalars.push(scalar)
      continue
    }
    tree = replacedAt(tree, scalar.path, writeTree(inner.tree))
    nested.push({ field: showPath(scalar.path), bound: inner })
  }
  return { tree, scalars, nested }
}

/** Undefined for a text that is one constant of the operator's as a whole: it is taken as it is. */
function bindInner({ path, pieces }: BoundScalar, document: number, tokens: Tokens): Bound | undefined {
  const [only] = pieces
  if (
    pieces.length === 1 &&
    only?.kind === 'value' &&
    only.fact.origin === 'operator' &&
    only.fact.as !== 'typed'
  )
    return undefined
  const field = showPath(path)
  const fault = (advice: string, value?: unknown): never =>
    refuse({ document, path: field, value, rule: 'second parser', advice })
  const source = pieces.map(asTemplate).join('')
  const reading = parseDocuments(source)
  if (reading.kind === 'broken')
    return fault(`is parsed as YAML again and is broken there: ${reading.message}`)
  const [inner, ...others] = reading.documents
  if (inner === undefined || others.length > 0)
    return fault('is parsed as YAML again: it must be one document')
  const bound = bind(inner, { document, prefix: `${field}: `, tokens })
  if (!isMap(bound.tree) && !isList(bound.tree))
    return fault(
      'is parsed as YAML again: write the structure in the template and values inside it',
      pieces.map(shown).join(''),
    )
  for (const scalar of bound.scalars) checkTyped(scalar, document, `${field}: `)
  return bound
}

function asTemplate(piece: BoundScalar['pieces'][number]): string {
  return piece.kind === 'text' ? piece.text : piece.token
}

function shown(piece: BoundScalar['pieces'][number]): string {
  return piece.kind === 'text' ? piece.text : text(piece.fact)
}

/** A number or boolean is one only where it stands alone and without quotes. */
function checkTyped({ path, pieces, plain }: BoundScalar, document: number, prefix = ''): void {
  const typed = pieces.find(
    (piece): piece is { kind: 'value'; fact: Fact; token: string } =>
      piece.kind === 'value' && piece.fact.as === 'typed',
  )
  if (typed === undefined || (plain && pieces.length === 1)) return
  refuse({
    document,
    path: `${prefix}${showPath(path)}`,
    value: pieces.map(shown).join(''),
    rule: 'typed value',
    advice:
      'mixes {{int}} or {{bool}} with other text or quotes: let it stand alone, or leave the helper out',
  })
}
