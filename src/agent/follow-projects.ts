import type { Cluster } from './cluster.ts'
import { argocdKinds } from './kinds.ts'
import { marksOf } from './marks.ts'

export interface FollowedProjects {
  /** Resolves when they were asked for once, with or without an answer. */
  readonly tried: Promise<void>
  /** Null: not known, because the cluster is away or we may not read them. Never throws. */
  names(): ReadonlySet<string> | null
  stop(): void
}

/** Argo CD's projects, kept up to date. */
export function followProjects(cluster: Cluster, namespace: string): FollowedProjects {
  const place = { kind: argocdKinds.project, namespace, labels: null }
  const { tried, objects, stop } = cluster.follow(place, () => undefined)
  return {
    tried,
    names: () => {
      try {
        return new Set(objects().flatMap((project) => marksOf(project)?.name ?? []))
      } catch {
        return null
      }
    },
    stop,
  }
}

/** Flux has none. */
export const noProjects: FollowedProjects = {
  tried: Promise.resolve(),
  names: () => null,
  stop: () => undefined,
}
