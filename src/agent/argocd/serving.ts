import type { CommitSha } from '../../preview/brand.ts'
import { asCommit, ownSha } from '../observe/own-sha.ts'
import { sourcesOf } from './compared.ts'
import type { ArgocdApplication, SyncHistory } from './schema.ts'

/**
 * The merge request's commit that still answers while a newer one is not ready, as the history of syncs tells; null: not known.
 * While the newest sync is healthy it is that one, else the one before it.
 */
export function servingBefore(application: ArgocdApplication): CommitSha | null {
  const synced = (application.status?.history ?? []).flatMap(
    (entry) => pinnedCommit(application, entry) ?? [],
  )
  const newest = synced.at(-1)
  if (newest === undefined) return null
  if (application.status?.health?.status === 'Healthy') return newest
  return synced.findLast((commit) => commit !== newest) ?? null
}

/** A sync's revision is a commit of the merge request only where the template pins the source to it. */
function pinnedCommit({ metadata, spec }: ArgocdApplication, entry: SyncHistory): CommitSha | null {
  const own = ownSha(metadata.annotations)
  if (own === null) return null
  const at = sourcesOf(spec).findIndex(({ targetRevision }) => targetRevision === own)
  const then = sourcesOf(entry)[at]
  const revision = (entry.sources ?? []).length > 0 ? entry.revisions?.[at] : entry.revision
  if (!then || then.repoURL !== sourcesOf(spec)[at]?.repoURL) return null
  return then.targetRevision === revision ? asCommit(revision) : null
}
