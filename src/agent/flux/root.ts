import type { KubernetesObject } from '../cluster.ts'
import { cleanMessage } from '../observe/clean-message.ts'
import { current } from './conditions.ts'
import { Kustomization, FluxSource } from './schema.ts'
import { attemptLines } from './format-message.ts'

/** What is checked: the root Kustomization and its source as they stand, and what they should be. */
export interface FluxRoot {
  /** For the words: `namespace/name` of the root Kustomization. */
  readonly name: string
  /** Null: there is none. */
  readonly kustomization: KubernetesObject | null
  /** The GitRepository that it reads; null: not read, or there is none. */
  readonly source: KubernetesObject | null
  /** The previews' own Kustomizations. */
  readonly children: readonly KubernetesObject[]
  /** Where manifests are written. */
  readonly directory: string
  readonly branch: string
}

/** What in the root Kustomization or its source will make trouble; each a sentence with its remedy. Never throws. */
export function fluxRootWarnings(checked: FluxRoot): readonly string[] {
  const { name, kustomization, source, children } = checked
  if (kustomization === null)
    return [
      `There is no Kustomization ${name}, so nothing applies the manifests: create it, or set agent.namespace and agent.rootApplication to the one that does.`,
    ]
  const read = Kustomization.safeParse(kustomization)
  if (!read.success)
    return [`The Kustomization ${name} has a form that Mayfly does not know, so it was not checked.`]
  return [
    ...specWarnings(checked, read.data),
    ...stateWarnings(name, read.data),
    ...sourceWarnings(checked, source),
    ...childWarnings(children),
  ]
}

function specWarnings({ name, directory }: FluxRoot, { spec, metadata }: Kustomization): readonly string[] {
  const found: string[] = []
  if (metadata.deletionTimestamp)
    found.push(`The Kustomization ${name} is being deleted: create it again, or previews stay as they are.`)
  if (spec.suspend === true)
    found.push(
      `The Kustomization ${name} is suspended, so previews wait: resume it (flux resume kustomization).`,
    )
  if (spec.prune !== true)
    found.push(
      `The Kustomization ${name} does not prune, so no preview would ever be removed: set spec.prune to true.`,
    )
  if (plainPath(spec.path) !== plainPath(directory))
    found.push(
      `The Kustomization ${name} applies ${cleanMessage(spec.path) || 'the whole repository'}, and Mayfly writes to ${directory}: set spec.path to ./${plainPath(directory)}.`,
    )
  if (spec.wait === true || (spec.healthChecks ?? []).length > 0)
    found.push(
      `The Kustomization ${name} waits until every preview is healthy, so one that is not holds up all others: take spec.wait and spec.healthChecks away.`,
    )
  if (spec.targetNamespace)
    found.push(
      `The Kustomization ${name} puts every object into the namespace ${cleanMessage(spec.targetNamespace)}: take spec.targetNamespace away.`,
    )
  return found
}

function stateWarnings(name: string, kustomization: Kustomization): readonly string[] {
  const ready = current(kustomization, 'Ready')
  if (ready?.status !== 'False') return []
  const said = attemptLines(ready.message).join('; ') || (ready.reason ?? '')
  return [
    `The Kustomization ${name} could not apply the manifests: ${said}. Until that is put right, no preview is created, changed or removed.`,
  ]
}

function sourceWarnings({ name, branch }: FluxRoot, source: KubernetesObject | null): readonly string[] {
  const read = FluxSource.safeParse(source)
  if (source === null || !read.success) return []
  const { metadata, spec } = read.data
  const found: string[] = []
  if (spec.suspend === true)
    found.push(`The source ${metadata.name} of ${name} is suspended, so previews wait: resume it.`)
  const followed = spec.ref?.branch ?? ''
  if (followed !== branch)
    found.push(
      `The source ${metadata.name} of ${name} follows ${cleanMessage(followed) || 'no branch'}, and Mayfly writes to ${branch}: set spec.ref.branch to ${branch}.`,
    )
  const ready = current(read.data, 'Ready')
  if (ready?.status === 'False')
    found.push(
      `The source ${metadata.name} of ${name} cannot be fetched: ${cleanMessage(ready.message)}. Until that is put right, nothing changes in the cluster.`,
    )
  return found
}

/** Without a health check `Ready` means only that the objects were taken. */
function childWarnings(children: readonly KubernetesObject[]): readonly string[] {
  const blind = children
    .flatMap((child) => Kustomization.safeParse(child).data ?? [])
    .filter(({ spec }) => spec.wait !== true && (spec.healthChecks ?? []).length === 0)
    .map(({ metadata }) => metadata.name)
  if (blind.length === 0) return []
  const more = blind.length > 3 ? ` and ${blind.length - 3} more` : ''
  return [
    `Flux calls ${blind.slice(0, 3).join(', ')}${more} ready without looking at their workloads: set spec.wait to true in the template.`,
  ]
}

function plainPath(path: string | null | undefined): string {
  return (path ?? '')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
}
