import { at, isMap, type PathPart } from '../bind/tree.ts'
import { checkSchema } from './check-schema.ts'
import { isLabelValue, isQualifiedName } from './qualified-name.ts'
import type { Finding, ManifestObject, PolicyRule, Situation } from './rule.ts'
import type { Schema } from './schema.ts'

/** What every object's metadata must hold to. */
export const metadataRules: readonly PolicyRule[] = [
  { name: 'owner', check: noOwner },
  { name: 'schema', check: knownMetadata },
  { name: 'name', check: validName },
  { name: 'label', check: validLabels },
  { name: 'annotation', check: validAnnotations },
  { name: 'mayfly mark', check: ownMarks },
  { name: 'finalizer', check: finalizers },
]

const texts: Schema = { type: 'object', additionalProperties: { type: 'string' } }
const metadata: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string' },
    labels: texts,
    annotations: texts,
    finalizers: { type: 'array', items: { type: 'string' } },
    ownerReferences: { free: true },
  },
}

function* noOwner({ tree }: ManifestObject): Iterable<Finding> {
  const path = ['metadata', 'ownerReferences']
  if (at(tree, path) !== undefined)
    yield {
      path,
      advice: 'hands the object to another one: take it out, the manifest alone decides its life',
    }
}

function* knownMetadata({ tree }: ManifestObject): Iterable<Finding> {
  yield* checkSchema(metadata, tree['metadata'] ?? null, ['metadata'])
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function* validName({ kind, name, namespace }: ManifestObject): Iterable<Finding> {
  // Argo CD and Flux write names of their objects into labels, which end at 63.
  const short =
    kind === 'Namespace' || kind === 'Application' || kind === 'Kustomization' || kind === 'HelmRelease'
  const pattern = kind === 'Namespace' ? dnsLabel : dnsSubdomain
  if (!pattern.test(name) || name.length > (short ? 63 : 253))
    yield {
      path: ['metadata', 'name'],
      value: name,
      advice: `is no valid name: a-z, 0-9 and dashes, at most ${short ? 63 : 253} characters; {{name}} is one`,
    }
  if (namespace !== '' && (!dnsLabel.test(namespace) || namespace.length > 63))
    yield {
      path: ['metadata', 'namespace'],
      value: namespace,
      advice: 'is no valid namespace: write {{namespace}}',
    }
}

function* validLabels({ tree }: ManifestObject): Iterable<Finding> {
  for (const [key, value, path] of textsAt(tree, 'labels')) {
    if (!isQualifiedName(key))
      yield {
        path,
        advice: 'is no valid label key: at most 63 letters, digits, - _ . after an optional domain/',
      }
    if (!isLabelValue(value))
      yield {
        path,
        value,
        advice:
          'is no valid label: at most 63 letters, digits, - _ . and a letter or digit at both ends; use {{slug …}}, or an annotation',
      }
  }
}

const mostAnnotationBytes = 200 * 1024

function* validAnnotations({ tree }: ManifestObject): Iterable<Finding> {
  let bytes = 0
  for (const [key, value, path] of textsAt(tree, 'annotations')) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value)
    if (!isQualifiedName(key.toLowerCase()))
      yield {
        path,
        advice: 'is no valid annotation key: at most 63 letters, digits, - _ . after an optional domain/',
      }
  }
  if (bytes > mostAnnotationBytes)
    yield {
      path: ['metadata', 'annotations'],
      advice: `hold ${bytes} bytes, more than 200 KiB: use {{truncate …}}`,
    }
}

function* ownMarks({ tree }: ManifestObject, { marks }: Situation): Iterable<Finding> {
  for (const [key, value, path] of textsAt(tree, 'annotations'))
    if (key.startsWith('mayfly.dev/') && !(Object.hasOwn(marks, key) && marks[key] === value))
      yield { path, value, advice: 'is a mark that Mayfly writes itself: take it out of the template' }
  for (const [key, value, path] of textsAt(tree, 'labels'))
    if (key === 'app.kubernetes.io/managed-by' && value !== 'mayfly')
      yield { path, value, advice: 'is a label that Mayfly writes itself: take it out of the template' }
}

const ownFinalizer = /^resources-finalizer\.argocd\.argoproj\.io(\/foreground|\/background)?$/

function* finalizers({ kind, group, tree }: ManifestObject): Iterable<Finding> {
  const path = ['metadata', 'finalizers']
  const value = at(tree, path)
  const list = Array.isArray(value) ? (value as readonly unknown[]) : []
  const wanted = kind === 'Application' && group === 'argoproj.io'
  for (const [index, name] of list.entries())
    if (!(wanted && typeof name === 'string' && ownFinalizer.test(name)))
      yield { path: [...path, index], value: name, advice: 'would keep the object from going: take it out' }
  // A namespace's own finalizers: it would stay for ever.
  if (kind === 'Namespace' && at(tree, ['spec', 'finalizers']) !== undefined)
    yield { path: ['spec', 'finalizers'], advice: 'would keep the namespace from going: take it out' }
  if (wanted && !list.some((name) => typeof name === 'string' && ownFinalizer.test(name)))
    yield {
      path,
      advice:
        'lacks resources-finalizer.argocd.argoproj.io: add it, or the workload stays behind when the preview ends',
    }
}

function textsAt(
  tree: ManifestObject['tree'],
  field: string,
): readonly (readonly [string, string, readonly PathPart[]])[] {
  const found = at(tree, ['metadata', field])
  if (!isMap(found)) return []
  return Object.entries(found).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value, ['metadata', field, key]] as const] : [],
  )
}
