import type { KubernetesObject } from '../cluster.ts'
import { cleanMessage } from '../observe/clean-message.ts'
import { sourcesOf } from './compared.ts'
import { refusedResources, resourceLine } from './failures.ts'
import { ArgocdApplication, AppProject } from './schema.ts'

/** What is checked: the root Application as it stands, and what it should be. */
export interface ArgocdRoot {
  /** For the words: `namespace/name` of the root Application. */
  readonly name: string
  /** Null: there is none. */
  readonly root: KubernetesObject | null
  /** The AppProject that the root names; null: not read, or there is none. */
  readonly project: KubernetesObject | null
  /** The previews' own Applications. */
  readonly children: readonly KubernetesObject[]
  /** Where manifests are written. */
  readonly directory: string
  readonly branch: string
}

/** What in the root Application will make trouble; each a sentence with its remedy. Never throws. */
export function argocdRootWarnings(checked: ArgocdRoot): readonly string[] {
  const { name, root, project, children } = checked
  if (root === null)
    return [
      `There is no Application ${name}, so nothing applies the manifests: create it, or set agent.namespace and agent.rootApplication to the one that does.`,
    ]
  const read = ArgocdApplication.safeParse(root)
  if (!read.success)
    return [`The Application ${name} has a form that Mayfly does not know, so it was not checked.`]
  return [
    ...syncWarnings(name, read.data),
    ...costWarnings(name, read.data, children.length),
    ...placeWarnings(checked, read.data),
    ...projectWarnings(read.data.spec.project ?? 'default', project),
    ...stateWarnings(name, read.data),
    ...childWarnings(children),
  ]
}

function syncWarnings(name: string, { spec, metadata }: ArgocdApplication): readonly string[] {
  const { automated, retry } = spec.syncPolicy ?? {}
  const found: string[] = []
  if (!automated || automated.enabled === false)
    found.push(
      `The Application ${name} is paused (its automated sync is off), so previews wait: set spec.syncPolicy.automated to { prune: true, selfHeal: true }.`,
    )
  if (automated && automated.prune !== true)
    found.push(
      `The Application ${name} does not prune, so no preview would ever be removed: set spec.syncPolicy.automated.prune to true.`,
    )
  // Where nothing is said, Argo CD itself takes 5; a `retry` without a limit is 0.
  const limit = retry ? (retry.limit ?? 0) : 5
  if (limit !== 0)
    found.push(
      `The Application ${name} tries a failed commit again ${limit < 0 ? 'without end' : `${limit} times`} before it looks at newer ones, so one bad manifest holds up every preview for minutes: set spec.syncPolicy.retry to { limit: 0 }.`,
    )
  if (
    metadata.finalizers?.some((finalizer) => finalizer.startsWith('resources-finalizer.argocd.argoproj.io'))
  )
    found.push(
      `The Application ${name} has a finalizer of Argo CD, so deleting it deletes every preview: take the finalizer away unless that is wanted.`,
    )
  return found
}

/** Seconds until one more preview is Synced beside others, as measured: each applied again, or only compared. */
const applied = { alone: 1.4, each: 0.29 }
const compared = { alone: 1.1, each: 0.016 }

function costWarnings(name: string, { spec }: ArgocdApplication, previews: number): readonly string[] {
  if (spec.syncPolicy?.syncOptions?.includes('ApplyOutOfSyncOnly=true') === true) return []
  const [now, then] = [applied, compared].map(({ alone, each }) => (alone + each * previews).toFixed(1))
  return [
    `The Application ${name} applies every object of every preview again at each sync: beside the ${previews} of now, one more takes about ${now ?? ''} s instead of ${then ?? ''} s. Add ApplyOutOfSyncOnly=true to spec.syncPolicy.syncOptions.`,
  ]
}

function placeWarnings(
  { name, directory, branch }: ArgocdRoot,
  { spec }: ArgocdApplication,
): readonly string[] {
  const sources = sourcesOf(spec)
  const source = sources.find(({ path }) => plainPath(path) === plainPath(directory))
  if (!source) {
    const paths = sources.map(({ path }) => path ?? '').join(', ')
    return [
      `The Application ${name} applies ${cleanMessage(paths) || 'no directory'}, and Mayfly writes to ${directory}: set spec.source.path to ${directory}, or environmentRepository.directory to what it applies.`,
    ]
  }
  const revision = (source.targetRevision ?? '').replace(/^refs\/heads\//, '')
  if (revision === branch) return []
  return [
    `The Application ${name} follows ${cleanMessage(revision) || 'the default branch'}, and Mayfly writes to ${branch}: set spec.source.targetRevision to ${branch}.`,
  ]
}

function plainPath(path: string | null | undefined): string {
  return (path ?? '')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
}

function stateWarnings(name: string, application: ArgocdApplication): readonly string[] {
  const { metadata, status } = application
  const state = status?.operationState
  const found: string[] = []
  if (metadata.deletionTimestamp)
    found.push(`The Application ${name} is being deleted: create it again, or previews stay as they are.`)
  if (state?.phase === 'Running' && state.message?.startsWith('waiting for '))
    found.push(
      `The Application ${name} is ${cleanMessage(state.message)}, and all other previews wait with it: take sync waves and PruneLast out of the templates, and help what it waits for.`,
    )
  // Once all is as Git says, an older refusal is over: a prune that came too late, for example. No new sync would tell.
  const isOver = status?.sync?.status === 'Synced'
  const refused = state && !isOver ? refusedResources(state).map(resourceLine) : []
  if (refused.length > 0)
    found.push(
      `The Application ${name} could not apply ${refused.join('; ')}: correct the manifest that has it.`,
    )
  for (const { type, message } of status?.conditions ?? []) {
    if (type === 'SyncError' && (isOver || refused.length > 0)) continue
    found.push(`The Application ${name} says ${type}: ${cleanMessage(message)}. ${remedy(type)}`)
  }
  return found
}

function remedy(type: string): string {
  switch (type) {
    case 'ComparisonError':
      return 'Until the file or directory it names is put right, no preview is created, changed or removed.'
    case 'SyncError':
      return 'Put right what it names; the directory always needs one object that stays, such as the ConfigMap that Mayfly writes.'
    case 'RepeatedResourceWarning':
      return 'Take the object out of all manifests but one.'
    default:
      return 'Put right what it names.'
  }
}

/** `CreateNamespace=true` makes a namespace that nobody owns: it stays for ever. */
function childWarnings(children: readonly KubernetesObject[]): readonly string[] {
  const leaking = children
    .flatMap((child) => ArgocdApplication.safeParse(child).data ?? [])
    .filter(({ spec }) => spec.syncPolicy?.syncOptions?.includes('CreateNamespace=true'))
    .map(({ metadata }) => metadata.name)
  if (leaking.length === 0) return []
  const more = leaking.length > 3 ? ` and ${leaking.length - 3} more` : ''
  return [
    `The namespaces of ${leaking.slice(0, 3).join(', ')}${more} will stay for ever, because their Applications have CreateNamespace=true: put a Namespace into the template instead.`,
  ]
}

/** What in the root's AppProject will make trouble; each a sentence with its remedy. `project`: null when it was not read. */
function projectWarnings(name: string, project: KubernetesObject | null): readonly string[] {
  if (name === 'default' || name === '')
    return [
      'The root Application is in the project default, which allows everything everywhere: give it a project of its own that allows only the environment repository and what previews are made of.',
    ]
  const read = AppProject.safeParse(project)
  if (project === null || !read.success) return []
  return [...kindWarnings(name, read.data), ...breadthWarnings(name, read.data)]
}

function kindWarnings(name: string, { spec }: AppProject): readonly string[] {
  const allowed = (spec?.clusterResourceWhitelist ?? []).some(
    ({ group, kind }) => (kind === 'Namespace' || kind === '*') && (!group || group === '*'),
  )
  if (allowed) return []
  return [
    `The project ${cleanMessage(name)} does not allow the kind Namespace, so no preview can be made: add { group: '', kind: Namespace } to its clusterResourceWhitelist.`,
  ]
}

function breadthWarnings(name: string, { spec }: AppProject): readonly string[] {
  const anySource = spec?.sourceRepos?.includes('*') === true
  const anywhere =
    spec?.destinations?.some(({ namespace, server }) => namespace === '*' && server === '*') === true
  if (!anySource || !anywhere) return []
  return [
    `The project ${cleanMessage(name)} allows every repository and every destination, like default: list those that previews need.`,
  ]
}
