import type { CommitSha } from '../../preview/brand.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { Observed, WantedCommit } from '../observe/observed.ts'
import { asCommit, ownSha } from '../observe/own-sha.ts'
import { formatObject } from '../observe/clean-message.ts'
import { unreadable } from '../observe/unreadable.ts'
import { current, isReadyNow, since } from './conditions.ts'
import { commitOf, isPinned } from './find-source.ts'
import { deploying, notYetApplied, ready, removing, suspended, wrong } from './phases.ts'
import { FluxSource } from './schema.ts'

/** What a source of the preview (GitRepository, OCIRepository, HelmRepository, Bucket) says: fetched at its spec, or why not. Never throws. */
export function observeSource(object: KubernetesObject, wanted: WantedCommit): Observed {
  const read = FluxSource.safeParse(object)
  if (!read.success) return unreadable('source', read.error)
  const source = read.data
  if (source.metadata.deletionTimestamp) return removing(source, null)
  const serving = isPinned(source) ? commitOf(source.status?.artifact?.revision) : null
  const own = ownSha(source.metadata.annotations)
  if (own === null || own !== wanted.sha) return notYetApplied(source.kind, own, serving)
  if (source.spec.suspend === true) return suspended(source.kind, source, serving)
  return fetched(source, own, serving)
}

function fetched(source: FluxSource, own: CommitSha, serving: CommitSha | null): Observed {
  const condition = current(source, 'Ready')
  if (isSourceReady(source)) return ready(own, since(condition))
  const stalled = current(source, 'Stalled')
  const failure = stalled?.status === 'True' ? stalled : condition
  if (failure?.status === 'False' || failure?.type === 'Stalled') {
    const lines = [formatObject(source.kind, source.metadata.name, failure.message ?? '')]
    return wrong('failed', serving, { lines, since: since(failure) })
  }
  return deploying(serving, `Flux is fetching the ${source.kind} \`${source.metadata.name}\``)
}

/** Fetched at its spec as it stands: the artifact is the pinned commit where one is pinned. */
export function isSourceReady(source: FluxSource): boolean {
  if (source.kind === 'HelmRepository' && source.spec.type === 'oci') return source.spec.suspend !== true
  const pinned = asCommit(source.spec.ref?.commit)
  return isReadyNow(source) && (pinned === null || commitOf(source.status?.artifact?.revision) === pinned)
}
