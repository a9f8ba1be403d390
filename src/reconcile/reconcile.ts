import type { Log } from '../log.ts'
import type { Board } from '../report/board.ts'
import type { Application } from '../preview/application.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { type MergeRequestKey, type MergeRequestRef, parseMergeRequestKey } from '../preview/key.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import type { Outcome, Trigger } from '../preview/outcome.ts'
import type { Reconcile } from '../queue/port.ts'
import { Stalled } from '../preview/errors.ts'
import { worstOutcome } from './worst-outcome.ts'
import { changedFilesOnce } from './changed-files-once.ts'
import { freshReading } from './fresh-reading.ts'
import type { Installation } from './installation.ts'
import { type PreviewResult, reconcilePreview } from './reconcile-preview.ts'
import type { SourceRepositories } from './source-repositories.ts'
import { buildReport } from './build-report.ts'
import type { ReportWish } from '../report/publish/report-wish.ts'

export interface ReconcileOptions {
  readonly installation: Installation
  readonly sources: SourceRepositories
  readonly board: Board
  /** Hands a report to the publisher; returns at once, files never wait for comments. */
  readonly publish: (wish: ReportWish) => void
  readonly log: Log
}

/**
 * The whole path for one merge request: read the forge fresh, decide each of its previews, write, ask the agent, report.
 * The event that asked for it is not an input: only the key is (law 1).
 */
export function createReconcile(options: ReconcileOptions): Reconcile {
  return async (key, prompt) => {
    try {
      return await reconcileMergeRequest(options, key, prompt)
    } catch (error) {
      if (!(error instanceof Stalled)) throw error
      const facts = { mergeRequest: key, why: error.message }
      // A right that is missing concerns them all: it is said once, where the forge is watched.
      if (error.right === null) options.log.error(facts, needsHuman)
      else options.log.debug(facts, needsHuman)
      return { kind: 'stalled', why: error.message }
    }
  }
}

const needsHuman = 'a merge request is left as it is until a human acts'

async function reconcileMergeRequest(
  options: ReconcileOptions,
  key: MergeRequestKey,
  prompt: Trigger,
): Promise<Outcome> {
  const ref = parseMergeRequestKey(key)
  const applications = applicationsOf(options.installation, ref)
  if (applications.length === 0) return { kind: 'settled' }
  const readAgain = freshReading(options.installation.clock, () => readMergeRequest(options, ref))
  const reading = await readAgain(0)
  const changedFiles = changedFilesOnce(options.installation, ref)
  const settled = await Promise.all(
    applications.map((application) =>
      reconcilePreview(options.installation, {
        key,
        application,
        reading,
        trigger: prompt,
        reread: readAgain,
        changedFiles,
      }),
    ),
  )
  report(options, { key, ref, reading, settled })
  const outcome = worstOutcome(settled.map((one) => one.outcome))
  logResult(options.log, { key, prompt, settled, outcome })
  for (const { error } of settled) if (error !== null) throw error
  return outcome
}

function applicationsOf({ applications }: Installation, ref: MergeRequestRef): readonly Application[] {
  return applications.filter(({ forge, repository }) => forge === ref.forge && repository === ref.repository)
}

async function readMergeRequest(
  { installation, sources }: ReconcileOptions,
  ref: MergeRequestRef,
): Promise<MergeRequestReading> {
  const forge = installation.forges.get(ref.forge)
  if (forge === undefined) throw new Stalled(`no forge called ${ref.forge} is configured`)
  const reading = await forge.readMergeRequest(ref.repository, ref.number)
  sources.learn(ref, reading.kind === 'found' ? reading.mergeRequest.repository : reading.repository)
  return reading
}

interface ReportInput {
  readonly key: MergeRequestKey
  readonly ref: MergeRequestRef
  readonly reading: MergeRequestReading
  readonly settled: readonly PreviewResult[]
}

function report({ installation, board, publish }: ReconcileOptions, looked: ReportInput): void {
  const { key, ref, reading, settled } = looked
  const statuses = settled.flatMap(({ status }) => (status === null ? [] : [status]))
  const mergeRequest = reading.kind === 'found' ? reading.mergeRequest : null
  for (const status of statuses.filter(isPreview))
    board.record(key, {
      status,
      mergeRequestUrl: mergeRequest?.url ?? null,
      branch: mergeRequest?.branch ?? null,
      author: mergeRequest?.author.login ?? null,
    })
  const wish = buildReport(installation, { key, ref, mergeRequest, statuses })
  if (wish !== null) publish(wish)
}

/** The end of a merge request that never had a preview is worth a line in its comment, but is no preview. */
function isPreview({ state, removal }: PreviewStatus): boolean {
  return state !== 'removed' || (removal !== null && removal.commit !== null)
}

function logResult(
  log: Log,
  look: { key: MergeRequestKey; prompt: Trigger; settled: readonly PreviewResult[]; outcome: Outcome },
): void {
  const { key, prompt, settled, outcome } = look
  const done = settled.flatMap(({ preview, did }) => (did === null ? [] : [{ preview, did }]))
  const facts = { mergeRequest: key, prompt, outcome: outcome.kind, done }
  for (const { preview, status, outcome } of settled)
    if (outcome.kind === 'stalled') {
      const stalled = { mergeRequest: key, preview, why: outcome.why }
      if (status?.state === 'refused') log.warn(stalled, 'a manifest was refused')
      else log.error(stalled, needsHuman)
    }
  if (done.length > 0) log.info(facts, 'changed previews of a merge request')
  else log.debug(facts, 'looked at a merge request')
}
