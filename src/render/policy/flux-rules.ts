import { partsAt } from '../bind/path.ts'
import { at, isMap, type PathPart, type TreeMap } from '../bind/tree.ts'
import {
  forgeScalars,
  agentNamespace,
  type Finding,
  type ManifestObject,
  type PolicyRule,
  type Situation,
} from './rule.ts'

/** What objects of Flux must hold to. */
export const fluxRules: readonly PolicyRule[] = [
  { name: 'prune', check: prune },
  { name: 'destination', check: destination },
  { name: 'create namespace', check: createNamespace },
  { name: 'source', check: oneChart },
  { name: 'source reference', check: sourceReferences },
  { name: 'secret', check: foreignSecrets },
]

function* prune({ kind, tree }: ManifestObject): Iterable<Finding> {
  if (kind !== 'Kustomization') return
  const value = at(tree, ['spec', 'prune'])
  if (value !== true)
    yield {
      path: ['spec', 'prune'],
      value,
      advice: 'must be true, or the workload stays behind when the preview ends',
    }
  if (at(tree, ['spec', 'deletionPolicy']) === 'Orphan')
    yield {
      path: ['spec', 'deletionPolicy'],
      value: 'Orphan',
      advice: 'leaves the workload behind when the preview ends: write WaitForTermination',
    }
}

function* destination({ kind, tree, namespace }: ManifestObject, { policy }: Situation): Iterable<Finding> {
  if (kind !== 'Kustomization' && kind !== 'HelmRelease') return
  const own = policy.namespace
  const target = at(tree, ['spec', 'targetNamespace'])
  const implied = kind === 'HelmRelease' && target === undefined && namespace === own
  if (target !== own && !implied)
    yield {
      path: ['spec', 'targetNamespace'],
      value: target,
      advice: `is not the preview's namespace: write {{namespace}}`,
    }
  const storage = at(tree, ['spec', 'storageNamespace'])
  if (storage !== undefined && storage !== own)
    yield {
      path: ['spec', 'storageNamespace'],
      value: storage,
      advice: `is not the preview's namespace: write {{namespace}}, or leave it out`,
    }
  if (at(tree, ['spec', 'kubeConfig']) !== undefined)
    yield { path: ['spec', 'kubeConfig'], advice: 'leads to another cluster: take it out' }
}

function* createNamespace({ kind, tree }: ManifestObject): Iterable<Finding> {
  const path = ['spec', 'install', 'createNamespace']
  if (kind === 'HelmRelease' && at(tree, path) === true)
    yield {
      path,
      value: true,
      advice: 'leaves the namespace behind for ever: write a Namespace into the template instead',
    }
}

function* oneChart({ kind, tree }: ManifestObject): Iterable<Finding> {
  if (kind !== 'HelmRelease') return
  const given = ['chart', 'chartRef'].filter((field) => at(tree, ['spec', field]) !== undefined)
  if (given.length !== 1)
    yield { path: ['spec', 'chart'], advice: 'or spec.chartRef must say which chart: write one of them' }
}

const referenceFields: readonly string[] = [
  'spec.sourceRef',
  'spec.chart.spec.sourceRef',
  'spec.chartRef',
  'spec.include[].repository',
]

function* sourceReferences(object: ManifestObject, situation: Situation): Iterable<Finding> {
  if (!object.group.endsWith('.toolkit.fluxcd.io')) return
  for (const field of referenceFields)
    for (const { path, value } of partsAt(object.tree, field))
      if (isMap(value)) yield* reference(path, value, object, situation)
}

/** A source of this manifest, or one that the operator chose. */
function* reference(
  path: readonly PathPart[],
  value: TreeMap,
  object: ManifestObject,
  situation: Situation,
): Iterable<Finding> {
  const namespace = value['namespace'] ?? object.namespace
  const places = [situation.policy.namespace, agentNamespace(object, situation)]
  if (typeof namespace === 'string' && !places.includes(namespace))
    yield {
      path: [...path, 'namespace'],
      value: namespace,
      advice: `is outside the preview: write ${places.join(' or ')}`,
    }
  const kind = value['kind'] ?? 'GitRepository'
  const isOurs = situation.objects.some(
    (other) => other.kind === kind && other.name === value['name'] && other.namespace === namespace,
  )
  const chosen = object.resolved.scalars.filter((scalar) =>
    path.every((segment, index) => scalar.path[index] === segment),
  )
  const name = forgeScalars(chosen, '**').find((scalar) => scalar.path.at(-1) !== 'namespace')
  if (!isOurs && name !== undefined)
    yield {
      path: name.path,
      value: name.text,
      advice:
        'comes from the merge request and names no source of this manifest: add the source, or write its name out',
    }
}

/** From the agent's namespace a release could read the agent's own secrets. */
function* foreignSecrets(
  { kind, tree, namespace }: ManifestObject,
  { policy }: Situation,
): Iterable<Finding> {
  if (namespace === policy.namespace) return
  const field = kind === 'HelmRelease' ? 'spec.valuesFrom[].kind' : 'spec.postBuild.substituteFrom[].kind'
  if (kind !== 'HelmRelease' && kind !== 'Kustomization') return
  for (const { path, value } of partsAt(tree, field))
    if (value === 'Secret')
      yield {
        path,
        value,
        advice:
          'would be read from the namespace of the agent: put this object into {{namespace}}, or use a ConfigMap',
      }
}
