import type { Forge } from '../forge/port.ts'
import type { Log } from '../log.ts'
import { Stalled } from '../preview/errors.ts'
import {
  type MergeRequestKey,
  mergeRequestKey,
  type MergeRequestRef,
  parseMergeRequestKey,
} from '../preview/key.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import type { Outcome, Trigger } from '../preview/outcome.ts'
import { previewId } from '../preview/preview-id.ts'
import type { Reconcile } from '../queue/port.ts'
import type { PreviewRegistry } from '../report/preview-registry.ts'
import type { Report } from '../report/publish/report.ts'
import { applicationsOf } from './applications-of.ts'
import type { EventClaims } from './event-claims.ts'
import type { ConflictMonitor } from './conflict-monitor.ts'
import { worstOutcome } from './next-reconcile.ts'
import type { MergeRequestContext } from './preview-context.ts'
import { noOrders } from './orders.ts'
import { readOrders } from './read-orders.ts'
import { reconcilePreview } from './reconcile-preview.ts'
import { logResult, needsHuman, report } from './report.ts'
import type { Ports, Settings } from './settings.ts'
import { changedFilesOnce, freshReading } from './shared-reads.ts'
import { wakeQueue } from './wake-queue.ts'
import type { SourceRepositories } from './source-repositories.ts'

export interface ReconcileOptions {
  readonly settings: Settings
  readonly ports: Ports
  readonly sources: SourceRepositories
  readonly registry: PreviewRegistry
  readonly conflicts: ConflictMonitor
  readonly claims: Pick<EventClaims, 'hear'>
  /** Hands a report to the publisher; returns at once, files never wait for comments. */
  readonly publish: (report: Report) => void
  /** Adds the key of another merge request to the queue. */
  readonly wake: (key: MergeRequestKey) => void
  readonly log: Log
}

/**
 * The whole path for one merge request: read the forge fresh, reconcile each of its previews, report. The event that
 * triggered it is not an input: only the key is (law 1).
 */
export function createReconcile(options: ReconcileOptions): Reconcile {
  return async (key, trigger) => {
    try {
      return await reconcileMergeRequest(options, key, trigger)
    } catch (error) {
      if (!(error instanceof Stalled)) throw error
      const facts = { mergeRequest: key, why: error.message }
      // A right that is missing concerns them all: it is logged once, where the forge is called.
      if (error.right === null) options.log.error(facts, needsHuman)
      else options.log.debug(facts, needsHuman)
      return { kind: 'stalled', why: error.message }
    }
  }
}

async function reconcileMergeRequest(
  options: ReconcileOptions,
  key: MergeRequestKey,
  trigger: Trigger,
): Promise<Outcome> {
  const ref = parseMergeRequestKey(key)
  const applicationsThere = () => applicationsOf(options.settings.applications, options.sources, ref)
  if (applicationsThere().length === 0) return { kind: 'settled' }
  const read = await readMergeRequest(options, key, ref, trigger)
  // Only the forge's answer tells that two configured names are one repository.
  const repository = options.sources.nameOf(ref)
  if (repository !== ref.repository)
    return await reconcileMergeRequest(options, mergeRequestKey({ ...ref, repository }), trigger)
  const applications = applicationsThere()
  const context = await withOrders(read)
  const previews = await Promise.all(
    applications.map((application) =>
      reconcilePreview({ ...context, application, preview: previewId(application.name, ref.number) }),
    ),
  )
  const outcome = worstOutcome(previews.map((preview) => preview.outcome))
  report(options, { ...context, previews })
  options.conflicts.record(
    ref,
    previews.flatMap(({ warning }) => warning ?? []),
  )
  logResult(options.log, { key, trigger, previews, outcome })
  if (previews.every(({ isUndone }) => !isUndone)) await context.orders.finish()
  await wakeQueue(options, previews)
  for (const { error } of previews) if (error !== null) throw error
  // Meanwhile another configured name may have turned out to be this repository's.
  const isWhole = applicationsThere().length === applications.length
  return isWhole ? outcome : await reconcileMergeRequest(options, key, trigger)
}

/** What people asked for in comments, beside what the forge says of the merge request. */
async function withOrders(context: MergeRequestContext): Promise<MergeRequestContext> {
  const { reading } = context
  if (reading.kind !== 'found') return context
  return { ...context, orders: await readOrders(context, reading.mergeRequest) }
}

async function readMergeRequest(
  { settings, ports, sources, claims }: ReconcileOptions,
  key: MergeRequestKey,
  ref: MergeRequestRef,
  trigger: Trigger,
): Promise<MergeRequestContext> {
  const forge = ports.forges.get(ref.forge)
  if (forge === undefined) throw new Stalled(`no forge called ${ref.forge} is configured`)
  const reread = freshReading(ports.clock, () => readAndLearn(forge, ref, { sources, claims }))
  const reading = await reread(0)
  const changedFiles = changedFilesOnce(() => forge.listChangedFiles(ref.repository, ref.number))
  return { settings, ports, key, ref, reading, trigger, reread, changedFiles, orders: noOrders }
}

async function readAndLearn(
  forge: Forge,
  ref: MergeRequestRef,
  { sources, claims }: Pick<ReconcileOptions, 'sources' | 'claims'>,
): Promise<MergeRequestReading> {
  const reading = await forge.readMergeRequest(ref.repository, ref.number)
  sources.learn(ref, reading.kind === 'found' ? reading.mergeRequest.repository : reading.repository)
  claims.hear(mergeRequestKey(ref), reading)
  return reading
}
