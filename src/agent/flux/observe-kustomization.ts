import type { CommitSha } from '../../preview/brand.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { Observed, WantedCommit } from '../observe/observed.ts'
import { ownSha } from '../observe/own-sha.ts'
import { parseTime, cleanMessage } from '../observe/clean-message.ts'
import { unreadable } from '../observe/unreadable.ts'
import { current, isReadyNow, since } from './conditions.ts'
import { commitOf, findSource, isPinned } from './find-source.ts'
import { isSourceReady } from './observe-source.ts'
import { deploying, notYetApplied, ready, removing, suspended, wrong } from './phases.ts'
import { attemptLines, healthLines } from './format-message.ts'
import { Kustomization, type FluxCondition, type FluxSource } from './schema.ts'

/**
 * What one Flux Kustomization says about the wanted commit. `sources`: the preview's own GitRepositories, OCIRepositories and
 * Buckets, because a push may change only them: their artifact is what must be applied. Never throws: an odd object is
 * `deploying` with words.
 */
export function observeKustomization(
  object: KubernetesObject,
  wanted: WantedCommit,
  sources: readonly KubernetesObject[],
): Observed {
  const read = Kustomization.safeParse(object)
  if (!read.success) return unreadable('Kustomization', read.error)
  const kustomization = read.data
  if (kustomization.metadata.deletionTimestamp) return removing(kustomization, null, lastCheck(kustomization))
  const source = findSource(sources, kustomization, kustomization.spec.sourceRef)
  const own = ownSha(kustomization.metadata.annotations)
  const serving = lastApplied(kustomization, source)
  if (own === null || own !== wanted.sha)
    return notYetApplied('Kustomization', own, serving ?? (isReadyNow(kustomization) ? own : null))
  if (kustomization.spec.suspend === true) return suspended('Kustomization', kustomization, serving)
  return newest(kustomization, source, { own, serving })
}

/** A revision was healthy when Flux wrote that it was applied; it is a commit of the merge request where the source is pinned. */
function lastApplied({ status }: Kustomization, source: FluxSource | null): CommitSha | null {
  return isPinned(source) ? commitOf(status?.lastAppliedRevision) : null
}

/** Flux begins to delete only after the health check that it is at. */
function lastCheck({ metadata, status }: Kustomization): string | null {
  const isAtIt = status?.conditions?.some(({ type, status: is }) => type === 'Healthy' && is === 'Unknown')
  if (isAtIt !== true) return null
  return `Flux still waits for the workload of \`${metadata.name}\` to become healthy, at most for its timeout, and deletes it then`
}

interface Commits {
  readonly own: CommitSha
  readonly serving: CommitSha | null
}

function newest(
  kustomization: Kustomization,
  source: FluxSource | null,
  { own, serving }: Commits,
): Observed {
  if (source !== null && !isSourceReady(source)) return deploying(serving, 'Flux waits for its source')
  const stalled = current(kustomization, 'Stalled')
  if (stalled?.status === 'True')
    return wrong('failed', serving, { lines: [cleanMessage(stalled.message)], since: since(stalled) })
  const condition = current(kustomization, 'Ready')
  if (condition?.status === 'False') return notReady(kustomization, source, { condition, serving })
  if (condition?.status !== 'True') return busy(kustomization, source, { own, serving })
  if (isReadyNow(kustomization) && isAtSource(kustomization, source))
    return ready(own, firstReconciled(kustomization))
  return deploying(serving, 'Flux has not applied this commit yet')
}

/** Applied what the preview's own source holds; with a source of somebody else, what Flux last tried. */
function isAtSource({ status }: Kustomization, source: FluxSource | null): boolean {
  const applied = status?.lastAppliedRevision
  const expected = source === null ? status?.lastAttemptedRevision : source.status?.artifact?.revision
  return Boolean(applied) && applied === expected
}

function notReady(
  kustomization: Kustomization,
  source: FluxSource | null,
  { condition, serving }: { condition: FluxCondition; serving: CommitSha | null },
): Observed {
  // Said before the source had anything: Flux is on its way to look again.
  if (source !== null && condition.message?.startsWith('Source artifact not found'))
    return deploying(serving, 'Flux waits for its source')
  // The path is looked for before the revision is written down, so this one reason may stand beside an older revision.
  if (condition.reason !== 'ArtifactFailed' && !isAttempted(kustomization, source))
    return deploying(serving, 'Flux has not tried this commit yet')
  if (condition.reason === 'DependencyNotReady')
    return deploying(serving, `waits for what it depends on: ${cleanMessage(condition.message)}`)
  if (condition.reason === 'HealthCheckCanceled')
    return deploying(serving, 'Flux begins again with a newer revision')
  const began = failingSince(kustomization)
  if (condition.reason === 'HealthCheckFailed')
    return wrong('degraded', serving, { lines: healthLines(condition.message), since: began })
  return wrong('failed', serving, { lines: attemptLines(condition.message), since: began })
}

function isAttempted({ status }: Kustomization, source: FluxSource | null): boolean {
  const attempted = status?.lastAttemptedRevision
  if (source === null || !attempted) return true
  return attempted === source.status?.artifact?.revision
}

/** At work. Flux forgets its verdict while it tries again; its history still tells how the last try of this commit ended. */
function busy(kustomization: Kustomization, source: FluxSource | null, { own, serving }: Commits): Observed {
  if (!isAttempted(kustomization, source))
    return deploying(serving, 'Flux is still at the commit before, at most for its timeout')
  const again = { lines: ['the last try failed, and Flux tries again'], since: failingSince(kustomization) }
  const end = isPinned(source) ? lastEnd(kustomization, source) : null
  if (end === 'HealthCheckFailed') return wrong('degraded', serving, again)
  if (end === 'ReconciliationFailed') return wrong('failed', serving, again)
  if (end === 'ReconciliationSucceeded' && isLookedAtAgain(kustomization, source))
    return ready(own, firstReconciled(kustomization))
  if (current(kustomization, 'Healthy')?.status === 'Unknown')
    return deploying(serving, 'Flux waits for its workload to become healthy', true)
  return deploying(serving, 'Flux is applying it')
}

/** How the last try of what the source holds ended; null: it was not tried, or the history does not say. */
function lastEnd({ status }: Kustomization, source: FluxSource | null): string | null {
  const [last] = status?.history ?? []
  const revision = source?.status?.artifact?.revision
  return revision && last?.metadata?.['revision'] === revision ? (last.lastReconciledStatus ?? null) : null
}

/** Flux is at work on what was ready before: this very spec and revision. */
function isLookedAtAgain(kustomization: Kustomization, source: FluxSource | null): boolean {
  const { metadata, status } = kustomization
  return (
    current(kustomization, 'Ready')?.status === 'Unknown' &&
    current(kustomization, 'Reconciling')?.status === 'True' &&
    current(kustomization, 'Healthy')?.status !== 'False' &&
    status?.observedGeneration === metadata.generation &&
    isAtSource(kustomization, source)
  )
}

/** When this very build came into the cluster first: the conditions begin anew with every look that Flux takes. */
function firstReconciled({ status }: Kustomization): Date | null {
  const [last] = status?.history ?? []
  if (last?.lastReconciledStatus === 'ReconciliationSucceeded') return parseTime(last.firstReconciled)
  return since(status?.conditions?.find(({ type }) => type === 'Ready') ?? null)
}

/** Null where this revision was healthy once: then Flux does not tell since when it is not. */
function failingSince({ status }: Kustomization): Date | null {
  const [last] = status?.history ?? []
  const revision = last?.metadata?.['revision']
  if (last === undefined || revision === undefined || revision !== status?.lastAttemptedRevision) return null
  return revision === status.lastAppliedRevision ? null : parseTime(last.firstReconciled)
}
