import type { Cluster } from '../cluster.ts'
import { argocdKinds } from '../kinds.ts'
import { ownershipOf } from '../observe/ownership.ts'
import type { KnownProjects } from '../port.ts'

/** Argo CD's projects, kept up to date. Not known while the cluster is away, nor without the right to read them. */
export function followProjects(
  cluster: Cluster,
  namespace: string,
): { readonly projects: KnownProjects; readonly stop: () => void } {
  const place = { kind: argocdKinds.project, namespace, labels: null }
  const followed = cluster.follow(place, () => undefined)
  return {
    projects: () => {
      try {
        return new Set(followed.objects().flatMap((project) => ownershipOf(project)?.name ?? []))
      } catch {
        return null
      }
    },
    stop: () => followed.stop(),
  }
}
