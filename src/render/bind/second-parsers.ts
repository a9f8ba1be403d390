import type { TemplateValue } from '../fill/template-value.ts'
import { asText } from '../fill/helpers.ts'
import type { Tokens } from '../fill/tokens.ts'
import { refuse } from '../refusal.ts'
import { writeTree } from '../write/write-tree.ts'
import { bind, type ResolvedDocument, type ResolvedScalar } from './bind.ts'
import { parseDocuments } from './parse-documents.ts'
import { matchesPath, showPath } from './path.ts'
import { at, isList, isMap, replacedAt } from './tree.ts'

/** A resolved document whose nested YAML has been resolved too; `nested` are the values inside, by field. */
export interface TwiceResolved extends ResolvedDocument {
  readonly nested: readonly Nested[]
}

export interface Nested {
  readonly field: string
  readonly resolved: ResolvedDocument
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
export function bindSecondParsers(
  resolved: ResolvedDocument,
  document: number,
  tokens: Tokens,
): TwiceResolved {
  const kind = at(resolved.tree, ['kind'])
  const patterns = typeof kind === 'string' && Object.hasOwn(yamlFields, kind) ? (yamlFields[kind] ?? []) : []
  let { tree } = resolved
  const scalars: ResolvedScalar[] = []
  const nested: Nested[] = []
  for (const scalar of resolved.scalars) {
    const inner = patterns.some((pattern) => matchesPath(pattern, scalar.path))
      ? bindInner(scalar, document, tokens)
      : undefined
    if (inner === undefined) {
      checkTyped(scalar, document)
      scalars.push(scalar)
      continue
    }
    tree = replacedAt(tree, scalar.path, writeTree(inner.tree))
    nested.push({ field: showPath(scalar.path), resolved: inner })
  }
  return { tree, scalars, nested }
}

/** Undefined for a text that is one constant of the operator's as a whole: it is taken as it is. */
function bindInner(
  { path, segments }: ResolvedScalar,
  document: number,
  tokens: Tokens,
): ResolvedDocument | undefined {
  const [only] = segments
  if (
    segments.length === 1 &&
    only?.kind === 'value' &&
    only.templateValue.origin === 'operator' &&
    only.templateValue.as !== 'typed'
  )
    return undefined
  const field = showPath(path)
  const fault = (advice: string, value?: unknown): never =>
    refuse({ document, path: field, value, rule: 'second parser', advice })
  const source = segments.map(asTemplate).join('')
  const reading = parseDocuments(source)
  if (reading.kind === 'broken')
    return fault(`is parsed as YAML again and is broken there: ${reading.message}`)
  const [inner, ...others] = reading.documents
  if (inner === undefined || others.length > 0)
    return fault('is parsed as YAML again: it must be one document')
  const resolved = bind(inner, { document, prefix: `${field}: `, tokens })
  if (!isMap(resolved.tree) && !isList(resolved.tree))
    return fault(
      'is parsed as YAML again: write the structure in the template and values inside it',
      segments.map(shown).join(''),
    )
  for (const scalar of resolved.scalars) checkTyped(scalar, document, `${field}: `)
  return resolved
}

function asTemplate(segment: ResolvedScalar['segments'][number]): string {
  return segment.kind === 'text' ? segment.text : segment.token
}

function shown(segment: ResolvedScalar['segments'][number]): string {
  return segment.kind === 'text' ? segment.text : asText(segment.templateValue)
}

/** A number or boolean is one only where it stands alone and without quotes. */
function checkTyped({ path, segments, plain }: ResolvedScalar, document: number, prefix = ''): void {
  const typed = segments.find(
    (segment): segment is { kind: 'value'; templateValue: TemplateValue; token: string } =>
      segment.kind === 'value' && segment.templateValue.as === 'typed',
  )
  if (typed === undefined || (plain && segments.length === 1)) return
  refuse({
    document,
    path: `${prefix}${showPath(path)}`,
    value: segments.map(shown).join(''),
    rule: 'typed value',
    advice:
      'mixes {{int}} or {{bool}} with other text or quotes: let it stand alone, or leave the helper out',
  })
}
