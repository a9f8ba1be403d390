import type { ResolvedScalar } from '../bind/bind.ts'
import { at } from '../bind/tree.ts'
import { asText } from '../fill/helpers.ts'
import type { Segment } from '../fill/tokens.ts'
import { forgeScalars, type Finding, type ManifestObject, type PolicyRule } from './rule.ts'
import {
  fieldsOf,
  literalFields,
  parameterNames,
  parameterValues,
  revisionFields,
  splicedFields,
} from './spliced-fields.ts'
import { isTypedText } from '../typed-text.ts'

/** Values of a merge request in fields that an agent reads again as something else than one text. */
export const splicedRules: readonly PolicyRule[] = [
  { name: 'literal', check: literal },
  { name: 'spliced value', check: spliced },
  { name: 'parameter', check: parameters },
  { name: 'patch path', check: patchPaths },
]

function* literal({ kind, resolved }: ManifestObject): Iterable<Finding> {
  for (const field of [...fieldsOf(literalFields, kind), ...fieldsOf(parameterNames, kind)])
    for (const { path, text: value } of forgeScalars(resolved.scalars, field))
      yield {
        path,
        value,
        advice:
          'comes from the merge request, and this field decides more than a value: write it out in the template',
      }
}

function* spliced({ kind, resolved }: ManifestObject): Iterable<Finding> {
  for (const field of fieldsOf(splicedFields, kind))
    for (const scalar of forgeScalars(resolved.scalars, field)) {
      const advice = spliceAdvice(scalar, scalar.text)
      if (advice !== undefined) yield { path: scalar.path, value: scalar.text, advice }
    }
  for (const field of fieldsOf(revisionFields, kind))
    for (const scalar of forgeScalars(resolved.scalars, field))
      if (scalar.text.startsWith('-'))
        yield {
          path: scalar.path,
          value: scalar.text,
          advice: 'begins with a dash, which a program takes for an option: write {{sha}}',
        }
}

/** What is wrong with a text that is put into another text; undefined: nothing. */
export function spliceAdvice({ segments }: ResolvedScalar, whole: string): string | undefined {
  const unsafe = segments.some(
    (segment) =>
      segment.kind === 'value' &&
      segment.templateValue.origin === 'forge' &&
      !/^[A-Za-z0-9._/:@-]*$/.test(asText(segment.templateValue)),
  )
  if (unsafe)
    return 'is put into a text by the agent, where only A-Z a-z 0-9 . _ / : @ - are safe: use {{slug …}} or {{sha256 …}}'
  if (isTypedText(whole))
    return 'is put into a text by the agent, where it would become a number, a boolean or nothing: write a word before it, as in mr-{{number}}'
  if (isValue(segments[0]) && !/^[A-Za-z0-9_./]/.test(whole))
    return 'begins with a sign that a program takes for an option or a mark: write a word before it'
  if (isValue(segments.at(-1)) && whole.endsWith(':'))
    return 'ends with a colon, which would make it a key: write a word behind it'
  return undefined
}

function isValue(segment: Segment | undefined): boolean {
  return segment?.kind === 'value'
}

/** Argo CD hands these to `helm --set`, which knows types, lists, commas and escapes. */
function* parameters({ kind, tree, resolved }: ManifestObject): Iterable<Finding> {
  for (const field of fieldsOf(parameterValues, kind))
    for (const { path, text: value } of forgeScalars(resolved.scalars, field)) {
      if (at(tree, [...path.slice(0, -1), 'forceString']) !== true)
        yield {
          path,
          value,
          advice:
            'comes from the merge request and may become a number or a list: add forceString: true, or use valuesObject',
        }
      else if (/[\\{}$\u0000-\u001f]/.test(value))
        yield { path, value, advice: 'holds characters that helm --set reads as structure: use valuesObject' }
    }
}

/** In a JSON patch the place is data: a slash in a value would be another place. */
function* patchPaths({ resolved }: ManifestObject): Iterable<Finding> {
  for (const { field, resolved: inner } of resolved.nested)
    for (const name of ['op', 'path', 'from'])
      for (const { path, segments, text: value } of forgeScalars(inner.scalars, `[].${name}`))
        if (
          segments.some(
            (segment) =>
              segment.kind === 'value' &&
              segment.templateValue.origin === 'forge' &&
              !/^[A-Za-z0-9._-]+$/.test(asText(segment.templateValue)),
          )
        )
          yield { field, path, value, advice: 'would change where the patch points to: use {{slug …}}' }
}
