import type { Segment } from '../fill/tokens.ts'
import { asText } from '../fill/helpers.ts'
import { at, isList, type Tree } from '../bind/tree.ts'
import { forgeScalars, type Finding, type ManifestObject, type PolicyRule } from './rule.ts'
import { spliceAdvice } from './spliced-rules.ts'

/** How a text of a ConfigMap is read again: as a YAML file, or as one value that is put into another text. */
interface Reading {
  readonly by: string
  /** Null: every key. */
  readonly key: string | null
  readonly as: 'yaml' | 'spliced'
}

/**
 * A ConfigMap of the manifest is only text until a HelmRelease or a Kustomization beside it reads it again: then it has the rule of
 * that parser, wherever it stands.
 */
export const referencedRule: PolicyRule = {
  name: 'second parser',
  check: (object, { objects }) =>
    object.kind === 'ConfigMap' && object.group === ''
      ? objects.flatMap((reader) =>
          readingsOf(reader, object.name).flatMap((reading) => [...faults(object, reading)]),
        )
      : [],
}

/** https://fluxcd.io/flux/components/helm/helmreleases/#values-references and kustomizations/#post-build-variable-substitution */
function readingsOf(reader: ManifestObject, name: string): readonly Reading[] {
  const by = `${reader.kind} ${reader.name}`
  if (reader.kind === 'HelmRelease')
    return referencesTo(reader, ['spec', 'valuesFrom'], name).map((reference) => ({
      by,
      key: textAt(reference, 'valuesKey') ?? 'values.yaml',
      as: textAt(reference, 'targetPath') === undefined ? 'yaml' : 'spliced',
    }))
  if (reader.kind === 'Kustomization')
    return referencesTo(reader, ['spec', 'postBuild', 'substituteFrom'], name).map(() => ({
      by,
      key: null,
      as: 'spliced',
    }))
  return []
}

function referencesTo({ tree }: ManifestObject, path: readonly string[], name: string): readonly Tree[] {
  const list = at(tree, path)
  if (!isList(list)) return []
  return list.filter((one) => textAt(one, 'kind') === 'ConfigMap' && textAt(one, 'name') === name)
}

function textAt(tree: Tree, field: string): string | undefined {
  const found = at(tree, [field])
  return typeof found === 'string' ? found : undefined
}

function* faults({ resolved }: ManifestObject, { by, key, as }: Reading): Iterable<Finding> {
  const scalars = ['data.*', 'binaryData.*'].flatMap((field) => forgeScalars(resolved.scalars, field))
  for (const { path, text: value, ...scalar } of scalars) {
    if (key !== null && path.at(-1) !== key) continue
    const advice = as === 'yaml' ? yamlAdvice(scalar.segments) : spliceAdvice({ ...scalar, path }, value)
    if (advice !== undefined) yield { path, value, advice: `is read again by ${by}: it ${advice}` }
  }
}

function yamlAdvice(segments: readonly Segment[]): string | undefined {
  const isPlain = segments.every(
    (segment) =>
      segment.kind === 'text' ||
      segment.templateValue.origin !== 'forge' ||
      /^[A-Za-z0-9](?:[A-Za-z0-9._/@-]|:(?=[A-Za-z0-9._/@-]))*$/.test(asText(segment.templateValue)),
  )
  if (isPlain) return undefined
  return 'is parsed as YAML there, where only A-Z a-z 0-9 . _ / : @ - are safe: use {{slug …}}, or write the value into spec.values'
}
