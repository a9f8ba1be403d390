import { partsAt } from '../bind/path.ts'
import { isList, isMap, type PathPart, type Tree } from '../bind/tree.ts'
import type { Finding, ManifestObject, PolicyRule, Situation } from './rule.ts'
import { isAllowedUrl, normalUrl } from './repository-url.ts'

/** Where an agent may fetch from. */
export const gitSourceRules: readonly PolicyRule[] = [
  { name: 'repository', check: allowedRepositories },
  { name: 'value file', check: valueFiles },
  { name: 'component', check: components },
]

const repositoryFields: Readonly<Record<string, readonly string[]>> = {
  Application: ['spec.source.repoURL', 'spec.sources[].repoURL'],
  GitRepository: ['spec.url'],
  HelmRepository: ['spec.url'],
  OCIRepository: ['spec.url'],
}

function* allowedRepositories({ kind, tree }: ManifestObject, { policy }: Situation): Iterable<Finding> {
  for (const { path, value } of parts(kind, repositoryFields, tree)) {
    if (typeof value !== 'string' || isAllowedUrl(value, policy.repositories)) continue
    if (policy.fork !== undefined && isAllowedUrl(value, [policy.fork.url])) {
      if (revisionOf(tree, path) !== policy.fork.sha) yield { path, value, advice: onlyThisCommit }
      continue
    }
    const advice =
      normalUrl(value) === undefined
        ? 'is no plain repository URL: write it without credentials, query or dots'
        : 'is not an allowed repository: add it to policy.repositories in the configuration, or write {{repository.cloneUrl}}'
    // What stands in a URL that is refused may be a password.
    yield { path, value: value.replace(/\/\/[^/@]*@/, '//…@'), advice }
  }
}

const onlyThisCommit =
  'is a fork, of which only the commit that was approved may be deployed: write targetRevision: {{sha}}, for Flux ref.commit: {{sha}}'

/** The commit that a source is held to; its branch may have moved on. */
function revisionOf(tree: Tree, path: readonly PathPart[]): Tree | undefined {
  const field = path.at(-1) === 'repoURL' ? ['targetRevision'] : ['ref', 'commit']
  let part: Tree | undefined = tree
  for (const key of [...path.slice(0, -1), ...field]) part = childOf(part, key)
  return part
}

function childOf(part: Tree | undefined, key: PathPart): Tree | undefined {
  if (typeof key === 'number') return isList(part) ? part[key] : undefined
  return isMap(part) && Object.hasOwn(part, key) ? part[key] : undefined
}

const valueFileFields: Readonly<Record<string, readonly string[]>> = {
  Application: ['spec.source', 'spec.sources[]'].flatMap((source) => [
    `${source}.helm.valueFiles[]`,
    `${source}.helm.fileParameters[].path`,
  ]),
  HelmRelease: ['spec.chart.spec.valuesFiles[]'],
}

function* valueFiles({ kind, tree }: ManifestObject, { policy }: Situation): Iterable<Finding> {
  const refs = partsAt(tree, 'spec.sources[].ref').map(({ value }) => value)
  for (const { path, value } of parts(kind, valueFileFields, tree)) {
    if (typeof value !== 'string') continue
    const [, ref] = /^\$([^/]*)/.exec(value) ?? []
    if (ref !== undefined && !refs.includes(ref))
      yield { path, value, advice: 'points to a source that is not there: give one of spec.sources this ref' }
    else if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(value) && !isAllowedUrl(value, policy.repositories))
      yield {
        path,
        value,
        advice:
          'is fetched from an address that is not allowed: keep the file in the repository, or add the address to policy.repositories',
      }
    else if (value.startsWith('/') || value.split('/').includes('..'))
      yield { path, value, advice: 'may lead out of the chart: write a path inside it without ..' }
  }
}

const componentFields: Readonly<Record<string, readonly string[]>> = {
  Application: ['spec.source.kustomize.components[]', 'spec.sources[].kustomize.components[]'],
  Kustomization: ['spec.components[]'],
}

/** Kustomize also takes addresses, with and without a scheme. */
function* components({ kind, tree }: ManifestObject): Iterable<Finding> {
  for (const { path, value } of parts(kind, componentFields, tree))
    if (
      typeof value === 'string' &&
      !/^(\.{1,2}\/)*[A-Za-z0-9_-][A-Za-z0-9_-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/.test(value)
    )
      yield { path, value, advice: 'is no path inside the repository: write one such as ../components/debug' }
}

function parts(
  kind: string,
  fields: Readonly<Record<string, readonly string[]>>,
  tree: Tree,
): ReturnType<typeof partsAt> {
  return Object.hasOwn(fields, kind) ? (fields[kind] ?? []).flatMap((pattern) => partsAt(tree, pattern)) : []
}
