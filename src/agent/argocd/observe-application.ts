import type { CommitSha } from '../../preview/brand.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { Observed, Reasons, WantedCommit } from '../observe/observed.ts'
import { ownSha, asCommit } from '../observe/own-sha.ts'
import { distinctLines, parseTime, latest, cleanMessage } from '../observe/clean-message.ts'
import { unreadable } from '../observe/unreadable.ts'
import { isAboutSpec, isAtRevision, sourcesOf } from './compared.ts'
import { failures, hasFailedHook, warnings } from './failures.ts'
import { ArgocdApplication, type SyncHistory } from './schema.ts'
import { notHealthy, onItsWay } from './unhealthy.ts'

/** What one Argo CD Application says about the wanted commit. Never throws: an odd object is `deploying` with words. */
export function observeApplication(object: KubernetesObject, wanted: WantedCommit): Observed {
  const read = ArgocdApplication.safeParse(object)
  if (!read.success) return unreadable('Application', read.error)
  if (read.data.metadata.deletionTimestamp) return removing(read.data)
  const own = ownSha(read.data.metadata.annotations)
  if (own === null || own !== wanted.sha) return older(read.data, own)
  return newest(read.data, own)
}

/** Argo CD deletes what went by itself meanwhile: its next try finds that it is gone. */
const GONE_ALREADY = /^[a-z]+(\.[a-z0-9.]+)? "[^"]*" not found$/

function removing({ metadata, status }: ArgocdApplication): Observed {
  const error = status?.conditions?.find(
    ({ type, message }) => type === 'DeletionError' && !GONE_ALREADY.test(message ?? ''),
  )
  const why = error
    ? `Argo CD cannot delete the Application: ${cleanMessage(error.message)}`
    : 'Argo CD is deleting what the Application made'
  const since = parseTime(metadata.deletionTimestamp)
  return { applied: false, observation: { kind: 'removing', why, details: [], held: Boolean(error), since } }
}

/** The root has not applied the wanted manifest yet: whatever the Application says is about an older commit. */
function older(application: ArgocdApplication, own: CommitSha | null): Observed {
  const why =
    own === null
      ? 'the Application in the cluster does not say for which commit it was written'
      : 'Argo CD has not applied the newest manifest yet'
  const serving = own !== null && isReady(application) ? own : servingBefore(application)
  return { applied: false, observation: { kind: 'deploying', serving, why, details: [], since: null } }
}

/** The Application is the wanted one: worst first. */
function newest(application: ArgocdApplication, own: CommitSha): Observed {
  const serving = servingBefore(application)
  const failed = failures(application)
  const applied = isApplied(application)
  if (failed !== null) {
    const observation = { kind: 'failed', serving, ...describe(application, failed) } as const
    return { applied: applied || hasFailedHook(application), observation }
  }
  if (isReady(application))
    return { applied, observation: { kind: 'ready', serving: own, since: readySince(application) } }
  const unhealthy = applied ? notHealthy(application) : null
  if (unhealthy !== null)
    return { applied, observation: { kind: 'degraded', serving, ...describe(application, unhealthy) } }
  return {
    applied,
    observation: { kind: 'deploying', serving, ...describe(application, onItsWay(application)) },
  }
}

/** Everything at once, because Argo CD says `Healthy` of what it could not even render. */
function isReady(application: ArgocdApplication): boolean {
  const { operation, status } = application
  return (
    isApplied(application) &&
    status?.health?.status === 'Healthy' &&
    failures(application) === null &&
    !(status.conditions ?? []).some(({ type }) => type.endsWith('Error')) &&
    !operation &&
    !isRunning(status.operationState?.phase)
  )
}

/** The cluster is as this very spec and commit want it; whether that is healthy is another question. */
function isApplied(application: ArgocdApplication): boolean {
  return (
    isAboutSpec(application) && isAtRevision(application) && application.status?.sync?.status === 'Synced'
  )
}

function isRunning(phase: string | null | undefined): boolean {
  return phase === 'Running' || phase === 'Terminating'
}

/** Health may stay what it was from one commit to the next: then the sync's end is when it became ready. */
function readySince({ status }: ArgocdApplication): Date | null {
  return latest([
    parseTime(status?.health?.lastTransitionTime),
    parseTime(status?.operationState?.finishedAt),
  ])
}

function describe(application: ArgocdApplication, { why, details, since }: Reasons): Reasons {
  return { why, details: distinctLines([...details, ...warnings(application)], [why]), since }
}

/**
 * The merge request's commit that still answers while a newer one is not ready, as the history of syncs tells; null: not known.
 * While the newest sync is healthy it is that one, else the one before it.
 */
function servingBefore(application: ArgocdApplication): CommitSha | null {
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
