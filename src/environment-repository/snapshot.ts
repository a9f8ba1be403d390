import type { CommitSha } from '../preview/brand.ts'
import type { BranchHistory } from './history.ts'
import type { Manifest, TemplateFile, View } from './port.ts'
import { decidePlace } from './plan-places.ts'
import type { TreeIndex } from './tree-index.ts'

/** All we know of the branch at one commit. Immutable. */
export interface Snapshot {
  readonly commit: CommitSha
  readonly tree: TreeIndex
  readonly history: BranchHistory
  /** By their path below the templates directory. */
  readonly templates: ReadonlyMap<string, TemplateFile>
  /** What `mayfly.pause` says; null: it is not there. */
  readonly pause: string | null
}

export function viewOf(snapshot: Snapshot): View {
  const { commit, tree, history } = snapshot
  let all: readonly Manifest[] | undefined
  const isForeignSince = (since: Date): boolean => history.foreignAt !== null && history.foreignAt > since
  return {
    commit,
    manifestsOf: (preview) => tree.previews.get(preview) ?? [],
    manifests: () => (all ??= [...tree.previews.values()].flat()),
    strangersOf: (preview) => tree.strangers.get(preview) ?? [],
    strangers: () => [...tree.strangers.values()].flat(),
    templates: () => [...snapshot.templates.keys()],
    ownerOf(path) {
      const file = tree.files.get(path)
      if (file === undefined) return 'nobody'
      return file.manifest === undefined ? 'foreign' : 'ours'
    },
    holderOf: (object) => tree.objects.get(object)?.[0],
    historyOf: (preview) => history.previews.get(preview),
    removedSince: (since) =>
      [...history.previews.values()]
        .filter((life) => life.removed && life.at > since)
        .map((life) => life.preview),
    vanishedSince: (since) =>
      isForeignSince(since)
        ? [...history.previews.values()]
            .filter(({ preview, removed }) => !removed && tree.previews.get(preview) === undefined)
            .map(({ preview }) => preview)
        : [],
    foreignSince: isForeignSince,
    pause: () => snapshot.pause,
    approvalOf: (preview) => history.approvals.get(preview),
    queue: () =>
      [...history.queue.values()]
        .toSorted(
          (one, other) => one.at.getTime() - other.at.getTime() || (one.preview < other.preview ? -1 : 1),
        )
        .map(({ preview }) => preview),
    placeFor: (preview, place, now) =>
      decidePlace({ preview, place }, { tree, queue: history.queue }, { history, now }),
  }
}
