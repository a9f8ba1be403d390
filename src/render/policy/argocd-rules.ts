import { matchesGlob } from '../../preview/glob.ts'
import { partsAt } from '../bind/path.ts'
import { at } from '../bind/tree.ts'
import { forgeScalars, type Finding, type ManifestObject, type PolicyRule, type Situation } from './rule.ts'

/** What an Application must hold to. */
export const argocdRules: readonly PolicyRule[] = [
  { name: 'project', check: forApplications(project) },
  { name: 'destination', check: forApplications(destination) },
  { name: 'source', check: forApplications(source) },
  { name: 'sync option', check: forApplications(syncOptions) },
]

function forApplications(check: PolicyRule['check']): PolicyRule['check'] {
  return (object, situation) =>
    object.kind === 'Application' && object.group === 'argoproj.io' ? check(object, situation) : []
}

/** An Application without its project can never be deleted, by nobody: its finalizer waits for the project. */
const notThere =
  'is a project that Argo CD does not have: create it first, or write the name of one that is there'

function* project({ tree, resolved }: ManifestObject, { policy }: Situation): Iterable<Finding> {
  const path = ['spec', 'project']
  const value = at(tree, path)
  if (forgeScalars(resolved.scalars, 'spec.project').length > 0)
    yield { path, value, advice: 'comes from the merge request: write the project out in the template' }
  if (typeof value !== 'string' || value === '') return
  if (value === 'default')
    yield { path, value, advice: 'may do anything: make a project for previews and write its name' }
  else if (policy.projects !== null && !policy.projects.some((glob) => matchesGlob(glob, value)))
    yield { path, value, advice: `is not among policy.projects: write one of ${policy.projects.join(', ')}` }
  else if (policy.projectsThere?.has(value) === false) yield { path, value, advice: notThere }
}

function* destination({ tree, resolved }: ManifestObject, { policy }: Situation): Iterable<Finding> {
  const namespace = at(tree, ['spec', 'destination', 'namespace'])
  if (namespace !== policy.namespace)
    yield {
      path: ['spec', 'destination', 'namespace'],
      value: namespace,
      advice: `is not the preview's namespace: write {{namespace}}`,
    }
  const clusters = (['server', 'name'] as const).filter(
    (field) => at(tree, ['spec', 'destination', field]) !== undefined,
  )
  if (clusters.length !== 1)
    yield { path: ['spec', 'destination'], advice: 'must name the cluster once: write either server or name' }
  for (const field of clusters) {
    const path = ['spec', 'destination', field]
    const value = at(tree, path)
    if (forgeScalars(resolved.scalars, path.join('.')).length > 0)
      yield { path, value, advice: 'comes from the merge request: write the cluster out in the template' }
    else if (typeof value !== 'string' || !policy.destinations.includes(value))
      yield {
        path,
        value,
        advice: 'is not an allowed cluster: add it to policy.destinations in the configuration',
      }
  }
}

function* source({ tree, resolved }: ManifestObject, { policy }: Situation): Iterable<Finding> {
  const single = at(tree, ['spec', 'source']) !== undefined
  const several = at(tree, ['spec', 'sources']) !== undefined
  if (at(tree, ['spec', 'sourceHydrator']) !== undefined)
    yield { path: ['spec', 'sourceHydrator'], advice: 'would write to a repository: use source or sources' }
  else if (single === several)
    yield { path: ['spec', 'source'], advice: 'or spec.sources must say what to deploy: write one of them' }
  for (const prefix of ['spec.source', 'spec.sources[]']) {
    for (const { path } of partsAt(tree, `${prefix}.plugin`))
      yield { path, advice: 'would run a program of somebody’s choice: use helm, kustomize or a directory' }
    for (const field of ['helm.namespace', 'kustomize.namespace'])
      for (const { path, value } of partsAt(tree, `${prefix}.${field}`))
        if (value !== policy.namespace)
          yield {
            path,
            value,
            advice: `is not the preview's namespace: write {{namespace}}, or leave it out`,
          }
    for (const { path, value } of partsAt(tree, `${prefix}.ref`))
      if (forgeScalars(resolved.scalars, `${prefix}.ref`).length > 0)
        yield { path, value, advice: 'comes from the merge request: write a fixed word' }
  }
}

const badOption = /^(CreateNamespace|PruneLast)=true$|^(Prune|Delete)=(false|confirm)$/i

function* syncOptions({ tree, resolved }: ManifestObject): Iterable<Finding> {
  for (const { path, value } of partsAt(tree, 'spec.syncPolicy.syncOptions[]'))
    if (typeof value === 'string' && badOption.test(value.replaceAll(/\s/g, '')))
      yield { path, value, advice: optionAdvice(value) }
  if (forgeScalars(resolved.scalars, 'spec.syncPolicy.**').length > 0)
    yield {
      path: ['spec', 'syncPolicy'],
      advice: 'holds a value of the merge request: write it out in the template',
    }
}

function optionAdvice(option: string): string {
  if (/CreateNamespace/i.test(option))
    return 'leaves the namespace behind for ever: write a Namespace into the template instead'
  if (/PruneLast/i.test(option)) return 'makes every other preview wait: take it out'
  return 'leaves objects behind when the preview ends: take it out'
}
