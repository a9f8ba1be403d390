import type { EnvironmentRepository, View } from '../environment-repository/port.ts'
import type { Conversation } from '../forge/conversation.ts'
import type { MergeRequestExplanation, PassTold } from '../lifecycle/explanation.ts'
import { type MergeRequestKey, mergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import { previewId } from '../preview/preview-id.ts'
import type { PreviewRegistry } from '../report/preview-registry.ts'
import { applicationsOf } from '../reconcile/applications-of.ts'
import type { DeliveryMemory } from './delivery-memory.ts'
import { explainPreview } from './explain-preview.ts'
import type { PassMemory, RememberedPass } from './pass-memory.ts'
import { noOrders } from '../reconcile/orders.ts'
import type { MergeRequestContext } from '../reconcile/preview-context.ts'
import { readOrders } from '../reconcile/read-orders.ts'
import type { Ports, Settings } from '../reconcile/settings.ts'
import { changedFilesOnce } from '../reconcile/shared-reads.ts'
import type { SourceRepositories } from '../reconcile/source-repositories.ts'

export interface ExplainOptions {
  readonly settings: Settings
  readonly ports: Ports
  readonly sources: SourceRepositories
  readonly registry: Pick<PreviewRegistry, 'records'>
  readonly passes: Pick<PassMemory, 'lastOf'>
  readonly deliveries: Pick<DeliveryMemory, 'of'>
}

/** `unknown`: no application has its repository, or the forge and the branch know nothing of it. */
export type Explained =
  | { readonly kind: 'explained'; readonly explanation: MergeRequestExplanation }
  | { readonly kind: 'unknown'; readonly why: string }

/**
 * Why a merge request has the previews that it has, or none: forge and branch are read fresh, and nothing is written or reported.
 * @throws RetryLater when the forge or the branch does not answer, Stalled when a human must act first.
 */
export async function explainMergeRequest(
  options: ExplainOptions,
  asked: MergeRequestKey,
): Promise<Explained> {
  const { settings, ports, sources } = options
  const ref = parseMergeRequestKey(asked)
  const forge = ports.forges.get(ref.forge)
  if (forge === undefined || applicationsOf(settings.applications, sources, ref).length === 0)
    return unknown(`no application of mayfly.yaml has the repository ${ref.repository} of ${ref.forge}`)
  const reading = await forge.readMergeRequest(ref.repository, ref.number)
  sources.learn(ref, reading.kind === 'found' ? reading.mergeRequest.repository : reading.repository)
  const view = await ports.repository.refresh()
  const context: MergeRequestContext = {
    settings,
    ports: readOnly(ports, view),
    key: mergeRequestKey({ ...ref, repository: sources.nameOf(ref) }),
    ref: { ...ref, repository: sources.nameOf(ref) },
    reading,
    trigger: 'sweep',
    reread: () => Promise.resolve(reading),
    changedFiles: changedFilesOnce(() => forge.listChangedFiles(ref.repository, ref.number)),
    orders: noOrders,
  }
  const orders = reading.kind === 'gone' ? noOrders : await readOrders(context, reading.mergeRequest)
  return explainContext(options, { ...context, orders }, view)
}

async function explainContext(
  { settings, ports, sources, registry, passes, deliveries }: ExplainOptions,
  context: MergeRequestContext,
  view: View,
): Promise<Explained> {
  const { key, ref, reading } = context
  const previews = applicationsOf(settings.applications, sources, ref).map((application) => ({
    application,
    preview: previewId(application.name, ref.number),
  }))
  const isKnown = previews.some(
    ({ preview }) => view.manifestsOf(preview).length > 0 || view.historyOf(preview) !== undefined,
  )
  if (reading.kind === 'gone' && !isKnown)
    return unknown(`${ref.repository} has no merge request ${ref.number}`)
  const records = registry.records()
  const recordOf = (name: string) =>
    records.find(({ application, number }) => application === name && number === ref.number) ?? null
  const explained = await Promise.all(
    previews.map((one) => explainPreview({ ...context, ...one }, view, recordOf(one.application.name))),
  )
  const last = passes.lastOf(key)
  const explanation: MergeRequestExplanation = {
    mergeRequest: key,
    ...factsOf(reading),
    previews: explained,
    lastPass: last === null ? null : passTold(last),
    ...nextOf(last, ports),
    deliveries: deliveries.of(key),
  }
  return { kind: 'explained', explanation }
}

function unknown(why: string): Explained {
  return { kind: 'unknown', why }
}

function factsOf(
  reading: MergeRequestReading,
): Pick<MergeRequestExplanation, 'state' | 'url' | 'author' | 'branch' | 'sha'> {
  if (reading.kind === 'gone') return { state: 'gone', url: null, author: null, branch: null, sha: null }
  const { state, url, author, branch, sha } = reading.mergeRequest
  return { state, url, author: author.login, branch, sha }
}

function passTold({ ended, outcome, why }: RememberedPass): PassTold {
  return { at: ended.at.toISOString(), outcome, why }
}

function nextOf(
  last: RememberedPass | null,
  { clock }: Pick<Ports, 'clock'>,
): Pick<MergeRequestExplanation, 'nextAt' | 'nextInMs'> {
  const afterMs = last?.afterMs ?? null
  if (last === null || afterMs === null) return { nextAt: null, nextInMs: null }
  const nextInMs = Math.max(0, Math.round(last.ended.ms + afterMs - clock.monotonicMs()))
  return { nextAt: new Date(clock.now().getTime() + nextInMs).toISOString(), nextInMs }
}

/** One view for all questions; whoever would write by mistake is stopped, and nobody begins to wait by being asked about. */
function readOnly(ports: Ports, view: View): Ports {
  const same = (): Promise<View> => Promise.resolve(view)
  const repository: EnvironmentRepository = {
    ...ports.repository,
    view: same,
    refresh: same,
    change: () => Promise.reject(writes()),
  }
  const conversations = new Map([...ports.conversations].map(([name, one]) => [name, listening(one)]))
  const { knownMs } = ports.gateWaits
  const denials = { isDue: () => false }
  return { ...ports, repository, conversations, denials, gateWaits: { waitedMs: knownMs, knownMs } }
}

/** Commands are read as a pass would read them; the marks and the replies are left to it. */
function listening(conversation: Conversation): Conversation {
  const nothing = (): Promise<void> => Promise.resolve()
  return { ...conversation, setMark: nothing, reply: nothing }
}

function writes(): Error {
  return new Error('an explanation never writes')
}
