import { Stalled } from '../../preview/errors.ts'
import type { PreviewId } from '../../preview/preview-id.ts'
import type { Cluster, Informer, KubernetesObject } from '../cluster.ts'
import type { AgentDialect } from '../dialect.ts'
import { followWhereAllowed } from './follow-where-allowed.ts'
import { namespaceKind } from '../kinds.ts'
import { ownershipOf, displayName } from '../observe/ownership.ts'
import type { LiveResource } from '../port.ts'
import { explainTerminating } from '../namespace/explain-terminating.ts'
import { createChangeFilter } from './changes.ts'

/** Every object of previews in the cluster, kept up to date. */
export interface FollowedPreviews {
  /** Resolves when everything was asked for once, with or without an answer. */
  readonly firstList: Promise<void>
  /** The agent's objects. Throws `RetryLater`, or `Stalled` when not even the agent's main kind may be read. */
  objects(): readonly KubernetesObject[]
  /** Null: we may not read them. Throws `RetryLater`. */
  namespaces(): readonly KubernetesObject[] | null
  /** What we may not read, each a sentence. Never throws. */
  refusals(): readonly string[]
  stop(): void
}

const labels = 'app.kubernetes.io/managed-by=mayfly'

export function followPreviews(options: {
  readonly cluster: Cluster
  readonly dialect: AgentDialect
  /** The agent's own namespace. */
  readonly home: string
  readonly onNews: (preview: PreviewId) => void
}): FollowedPreviews {
  const { cluster, dialect, home, onNews } = options
  const changes = createChangeFilter((object, sha) => [
    artifactOf(object),
    dialect.observe([object], { sha }),
  ])
  const namespaceNews = createChangeFilter(explainTerminating)
  const heard = (notify: typeof changes) => (object: KubernetesObject, now: 'there' | 'gone') => {
    const preview = notify(object, now)
    if (preview !== null) onNews(preview)
  }
  const kinds = dialect.kinds.map((kind) =>
    followWhereAllowed(cluster, { kind, labels }, home, heard(changes)),
  )
  const namespaces = cluster.follow({ kind: namespaceKind, namespace: null, labels }, heard(namespaceNews))
  const all = [...kinds, namespaces]
  return {
    firstList: Promise.all(all.map(({ firstList: tried }) => tried)).then(() => undefined),
    // A kind that we may not read beside the main one is a warning.
    objects: () => kinds.flatMap((kind, index) => (index === 0 ? kind.objects() : (readable(kind) ?? []))),
    namespaces: () => readable(namespaces),
    refusals: () => all.flatMap((one) => refusalOf(one) ?? []),
    stop: () => {
      for (const one of all) one.stop()
    },
  }
}

/** Null: we may not read it. */
function readable(followed: Informer): readonly KubernetesObject[] | null {
  if (refusalOf(followed) !== null) return null
  return followed.objects()
}

function refusalOf(followed: Informer): string | null {
  try {
    followed.objects()
    return null
  } catch (error) {
    return error instanceof Stalled ? error.message : null
  }
}

/** What a source has fetched is news to those who read from it. */
function artifactOf(object: KubernetesObject): unknown {
  const { status } = object
  if (typeof status !== 'object' || status === null || !('artifact' in status)) return null
  const { artifact } = status
  return typeof artifact === 'object' && artifact !== null && 'revision' in artifact
    ? artifact.revision
    : null
}

/** The objects of one preview. */
export function ofPreview(
  objects: readonly KubernetesObject[],
  preview: PreviewId,
): readonly KubernetesObject[] {
  return objects.filter((object) => ownershipOf(object)?.preview === preview)
}

/** Everything of ours in the cluster. @throws RetryLater, or Stalled where the namespaces may not be read */
export function listResources(followed: FollowedPreviews): readonly LiveResource[] {
  const namespaces = followed.namespaces()
  if (namespaces === null) throw new Stalled(followed.refusals().join('; '))
  return [...followed.objects(), ...namespaces].flatMap(standingOf)
}

function standingOf(object: KubernetesObject): readonly LiveResource[] {
  const marks = ownershipOf(object)
  return !marks?.preview ? [] : [{ preview: marks.preview, what: displayName(marks) }]
}

/** What is measured of an agent in its cluster. */
export interface AgentHealth {
  /** What we know of the cluster is not older than half a minute. */
  readonly synced: boolean
  /** Namespaces of previews on their way out: those that something holds, and the others. Null: not known. */
  readonly terminating: { readonly held: number; readonly free: number } | null
}

/** Never throws. */
export function healthOf(followed: FollowedPreviews): AgentHealth {
  try {
    followed.objects()
    const leaving = (followed.namespaces() ?? []).map(explainTerminating).filter((one) => one !== null)
    const held = leaving.filter((one) => one.held).length
    return { synced: true, terminating: { held, free: leaving.length - held } }
  } catch {
    return { synced: false, terminating: null }
  }
}
