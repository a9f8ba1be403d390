import type { KubernetesObject } from '../cluster.ts'
import { cleanMessage } from '../observe/clean-message.ts'
import { AppProject } from './schema.ts'

/** What in the root's AppProject will make trouble; each a sentence with its remedy. `project`: null when it was not read. */
export function projectWarnings(name: string, project: KubernetesObject | null): readonly string[] {
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
