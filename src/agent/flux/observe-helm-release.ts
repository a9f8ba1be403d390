import type { CommitSha } from '../../preview/brand.ts'
import type { KubernetesObject } from '../cluster.ts'
import type { Observed, WantedCommit } from '../observe/observed.ts'
import { ownSha } from '../observe/own-sha.ts'
import { cleanMessage } from '../observe/clean-message.ts'
import { unreadable } from '../observe/unreadable.ts'
import { current, isReadyNow, since } from './conditions.ts'
import { commitOf, findSource } from './find-source.ts'
import { isSourceReady } from './observe-source.ts'
import { deploying, notYetApplied, ready, removing, suspended, wrong } from './phases.ts'
import { HelmRelease, type FluxCondition, type FluxSource } from './schema.ts'

/** What one Flux HelmRelease says about the wanted commit; `sources` as for a Kustomization. Never throws. */
export function observeHelmRelease(
  object: KubernetesObject,
  wanted: WantedCommit,
  sources: readonly KubernetesObject[],
): Observed {
  const read = HelmRelease.safeParse(object)
  if (!read.success) return unreadable('HelmRelease', read.error)
  const release = read.data
  if (release.metadata.deletionTimestamp) return removing(release, uninstallFailure(release))
  const own = ownSha(release.metadata.annotations)
  if (own === null || own !== wanted.sha)
    return notYetApplied('HelmRelease', own, isReadyNow(release) ? own : null)
  if (release.spec.suspend === true) return suspended('HelmRelease', release, null)
  const source = findSource(sources, release, release.spec.chartRef ?? release.spec.chart?.spec.sourceRef)
  return newest(release, source, own)
}

function uninstallFailure({ status }: HelmRelease): string | null {
  const failure = status?.conditions?.find(({ reason }) => reason === 'UninstallFailed')
  return failure ? `Flux cannot uninstall the release: ${cleanMessage(failure.message)}` : null
}

function newest(release: HelmRelease, source: FluxSource | null, own: CommitSha): Observed {
  if (source !== null && !isSourceReady(source)) return deploying(null, 'Flux waits for its source')
  if (isReadyNow(release)) {
    if (isAtSource(release, source)) return ready(own, since(current(release, 'Ready')))
    return deploying(null, 'Flux has not released the chart of this commit yet')
  }
  const condition = current(release, 'Ready')
  if (condition?.status === 'False') return notReady(release, condition)
  const stalled = current(release, 'Stalled')
  if (stalled?.status === 'True')
    return wrong('failed', null, { lines: causes(release, stalled), since: since(stalled) })
  return busy(release, source)
}

/** The chart's version ends in the source's commit or digest where each new one is a new chart. */
function isAtSource({ spec, status }: HelmRelease, source: FluxSource | null): boolean {
  const held = source?.status?.artifact?.revision
  if (!held) return true
  if (source.kind === 'OCIRepository')
    return !status?.lastAttemptedRevisionDigest || held.endsWith(status.lastAttemptedRevisionDigest)
  const commit = commitOf(held)
  if (commit === null || spec.chart?.spec.reconcileStrategy !== 'Revision') return true
  const version = status?.history?.[0]?.chartVersion ?? status?.lastAttemptedRevision
  return version?.endsWith(`+${commit.slice(0, 12)}`) ?? false
}

function notReady(release: HelmRelease, condition: FluxCondition): Observed {
  if (condition.reason === 'DependencyNotReady')
    return deploying(null, `waits for what it depends on: ${cleanMessage(condition.message)}`)
  // Of its chart: being fetched, or failing to be; Flux has one word for both.
  if (condition.reason === 'SourceNotReady')
    return deploying(null, `waits for its chart: ${cleanMessage(condition.message)}`)
  const lines = causes(release, condition)
  return wrong(hasLeftARelease(release) ? 'degraded' : 'failed', null, { lines, since: since(condition) })
}

/** The newest release failed and stands, so objects of it are in the cluster; a rollback or an error before it leaves none. */
function hasLeftARelease({ status }: HelmRelease): boolean {
  const newestTest = status?.conditions?.find(({ type }) => type === 'TestSuccess')
  return status?.history?.[0]?.status === 'failed' || newestTest?.status === 'False'
}

/** After a rollback `Ready` speaks only of the rollback: the failed release and test still say what went wrong. */
function causes(release: HelmRelease, condition: FluxCondition): readonly string[] {
  const failed = ['Released', 'TestSuccess'].flatMap((type) => current(release, type) ?? [])
  const others = ['Remediated', 'Stalled'].flatMap((type) => current(release, type) ?? [])
  const ordered = [...failed.filter(({ status }) => status === 'False'), condition, ...others]
  return ordered.map(({ message }) => cleanMessage(message))
}

/** At work. What failed last is still written while Flux tries the same chart again. */
function busy(release: HelmRelease, source: FluxSource | null): Observed {
  const released = current(release, 'Released')
  if (released?.status === 'False' && isAtSource(release, source))
    return wrong(hasLeftARelease(release) ? 'degraded' : 'failed', null, {
      lines: [cleanMessage(released.message), 'Flux tries again'],
      since: since(released),
    })
  const isInstalling = current(release, 'Ready')?.status === 'Unknown'
  return deploying(
    null,
    isInstalling ? 'Flux is releasing the chart' : 'Flux has not begun yet',
    isInstalling,
  )
}
