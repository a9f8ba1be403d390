import type { Clock } from '../pace/clock.ts'
import type { View } from '../environment-repository/port.ts'
import type { Log } from '../log.ts'
import { type MergeRequestKey, mergeRequestKey } from '../preview/key.ts'
import { keyOfPreview, type PreviewId } from '../preview/preview-id.ts'
import type { Queue } from '../queue/port.ts'
import type { OpenBefore } from './open-before.ts'
import type { Ports, Settings } from '../reconcile/settings.ts'
import type { SourceRepositories, SourceRepository } from '../reconcile/source-repositories.ts'

export interface SweepOptions {
  readonly settings: Settings
  readonly ports: Pick<Ports, 'forges' | 'repository' | 'agent'>
  readonly sources: SourceRepositories
  readonly queue: Pick<Queue, 'add'>
  /** How far back removals are reconciled once more: their comments may still be owed. */
  readonly lookBackMs: number
  readonly openBefore: OpenBefore
  readonly onOrphans: (orphans: readonly Orphan[]) => void
  readonly onComplete: (source: SourceRepository) => void
  readonly onFailed: (source: SourceRepository, error: unknown) => void
  readonly clock: Clock
  readonly log: Log
}

/** What a sweep saw; `failed` names what could not be read completely, in words. */
export interface SweepReport {
  readonly keys: number
  readonly failed: readonly string[]
  /** Files that only a human can decide about: they are kept. */
  readonly orphans: readonly Orphan[]
  /** Objects in the cluster whose preview has no manifest, in words. */
  readonly leftovers: readonly string[]
}

/** A manifest whose application the configuration no longer names, or a file with a preview's name that is not known for its manifest. */
export interface Orphan {
  readonly path: string
  /** In words that follow the path. */
  readonly why: string
}

/**
 * The full pass: every open merge request of every repository and those that the sweep before saw open, every manifest of
 * ours, and what was removed lately (its comment may still be owed). It only adds keys; it never removes anything itself.
 */
export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const failed: string[] = []
  const keys = new Set<MergeRequestKey>()
  const orphans = await manifestKeys(options, keys).catch((error: unknown) => {
    failed.push(words('the environment repository', error))
    return null
  })
  for (const source of options.sources.all())
    await openKeys(options, source, keys).catch((error: unknown) => {
      options.onFailed(source, error)
      failed.push(words(`${source.forge}:${source.repository}`, error))
    })
  const left = await leftovers(options, keys).catch((error: unknown) => {
    failed.push(words('the cluster', error))
    return []
  })
  for (const key of keys) await options.queue.add(key, 'sweep')
  if (orphans !== null) options.onOrphans(orphans)
  const report = { keys: keys.size, failed, orphans: orphans ?? [], leftovers: left }
  if (failed.length > 0) options.log.error(report, 'swept in part: what could not be read was left as it is')
  else options.log.info(report, 'swept')
  return report
}

async function openKeys(
  { ports, sources, openBefore, onComplete }: SweepOptions,
  source: SourceRepository,
  keys: Set<MergeRequestKey>,
): Promise<void> {
  const open = await ports.forges.get(source.forge)?.listOpenMergeRequests(source.repository)
  if (open === undefined) return
  sources.learn(source, open.repository)
  for (const number of [...open.numbers, ...openBefore(source, open.numbers)])
    keys.add(mergeRequestKey({ ...source, number }))
  onComplete(source)
}

async function manifestKeys(
  { settings, ports, clock, lookBackMs }: SweepOptions,
  keys: Set<MergeRequestKey>,
): Promise<readonly Orphan[]> {
  const view = await ports.repository.refresh()
  const since = new Date(clock.now().getTime() - lookBackMs)
  for (const preview of [...view.removedSince(since), ...view.vanishedSince(since), ...view.queue()])
    add(settings, preview, keys)
  return orphansOf(view, settings, keys)
}

function orphansOf(view: View, settings: Settings, keys: Set<MergeRequestKey>): readonly Orphan[] {
  const unknown = view.manifests().filter(({ preview }) => !add(settings, preview, keys))
  // A file with such a name is nobody's business where no application has it.
  const strangers = view.strangers().filter(({ preview }) => add(settings, preview, keys))
  return [
    ...unknown.map(({ path }) => ({ path, why: 'its application is not configured any more' })),
    ...strangers.map(({ path, preview, why }) => ({
      path,
      why: `it has the name of preview ${preview} but is not known for its manifest, for ${why}`,
    })),
  ]
}

function add({ applications }: Settings, preview: PreviewId, keys: Set<MergeRequestKey>): boolean {
  const key = keyOfPreview(applications, preview)
  if (key !== null) keys.add(key)
  return key !== null
}

/** What the cluster holds of previews that have no manifest: on its way out, or left over. Looked at, named, never deleted by us. */
async function leftovers(
  { settings, ports }: SweepOptions,
  keys: Set<MergeRequestKey>,
): Promise<readonly string[]> {
  const there = await ports.agent.resources()
  const view = await ports.repository.view()
  // An application that we do not know may be another installation's.
  return there
    .filter(({ preview }) => view.manifestsOf(preview).length === 0 && add(settings, preview, keys))
    .map(({ what }) => what)
}

function words(place: string, error: unknown): string {
  return `${place}: ${error instanceof Error ? error.message : 'unknown failure'}`
}
