import { systemClock } from '../pace/clock.ts'
import { withFallback } from '../pace/deadline.ts'
import type { Config } from '../config/config.ts'
import { processEnvironment } from '../config/environment.ts'
import { createRefusalMonitor } from '../forge/refusal-monitor.ts'
import type { Secret } from '../config/secret.ts'
import { createLog, type Log } from '../log.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Outcome } from '../preview/outcome.ts'
import { createConflictMonitor } from '../reconcile/conflict-monitor.ts'
import { createReconcile } from '../reconcile/reconcile.ts'
import { createSourceRepositories } from '../reconcile/source-repositories.ts'
import { createOpenBefore } from '../sweep/open-before.ts'
import { type SweepReport, sweep } from '../sweep/sweep.ts'
import type { Publisher } from '../report/publish.ts'
import { createPreviewRegistry } from '../report/preview-registry.ts'
import { createWiredAgent } from './agent.ts'
import { createEnvironmentRepository } from './environment-repository.ts'
import { createForges } from './forges.ts'
import { createImages } from './images.ts'
import { createPorts, createSettings } from './settings.ts'
import { createReportPublisher } from './publisher.ts'
import { secretsOf } from './secrets.ts'

const REPORT_WITHIN_MS = 600_000
const AT_ONCE = 50
const DAY_MS = 24 * 3_600_000

export interface SweptOnce extends SweepReport {
  /** Merge requests that did not settle, and why. */
  readonly open: readonly { readonly key: MergeRequestKey; readonly why: string }[]
}

/** One full pass without queue and server. A person who confirms stands for the event that a removal otherwise needs. */
export async function sweepOnce(
  config: Config,
  options: { readonly confirmRemovals: boolean; readonly log?: Log },
): Promise<SweptOnce> {
  const environment = processEnvironment()
  const log = options.log ?? quietLog(secretsOf(config, environment))
  const parts = { clock: systemClock, random: Math.random, log, environment }
  const { forges: plain, apps } = createForges(config, { ...parts, onCall: () => undefined })
  const forges = createRefusalMonitor(parts).watch(plain)
  const repository = createEnvironmentRepository(config, { ...parts, apps, onPush: () => undefined })
  const publisher = createReportPublisher(config, forges, parts)
  const { agent, projects } = createWiredAgent(config, { ...parts, override: undefined })
  const [settings, images] = [createSettings(config), createImages(config, parts)]
  const ports = createPorts({ forges, images, repository, agent, projects, clock: systemClock })
  const sources = createSourceRepositories(config.applications)
  const reconcile = createReconcile({
    settings,
    ports,
    sources,
    registry: createPreviewRegistry(systemClock),
    conflicts: createConflictMonitor(),
    claims: { hear: () => undefined },
    publish: publisher.publish,
    wake: () => undefined,
    log,
  })
  try {
    const keys = new Set<MergeRequestKey>()
    const queue = { add: (key: MergeRequestKey) => Promise.resolve(void keys.add(key)) }
    const report = await sweep({
      ...parts,
      settings,
      ports,
      sources,
      queue,
      onOrphans: () => undefined,
      onComplete: () => undefined,
      onFailed: () => undefined,
      lookBackMs: DAY_MS,
      openBefore: createOpenBefore(),
    })
    const trigger = options.confirmRemovals ? 'event' : 'sweep'
    const open = await reconcileAll([...keys], (key) => reconcile(key, trigger))
    await publishAll(publisher)
    return { ...report, open }
  } finally {
    await agent.close()
    await repository.close()
  }
}

function quietLog(redact: readonly Secret[]): Log {
  return createLog({ level: 'warn', pretty: false, destination: process.stderr, redact })
}

/** Nobody starts after this one who would find again what is still to be written. */
async function publishAll(publisher: Publisher): Promise<void> {
  const late = { ms: REPORT_WITHIN_MS, clock: systemClock, fallback: () => undefined }
  await withFallback(publisher.idle(), late)
  await publisher.stop(0)
}

/** Many at a time, so that they share pushes, but not so many that the forge minds. */
async function reconcileAll(
  keys: readonly MergeRequestKey[],
  reconcile: (key: MergeRequestKey) => Promise<Outcome>,
) {
  const open: { key: MergeRequestKey; why: string }[] = []
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const some = keys.slice(from, from + AT_ONCE)
    const ended = await Promise.all(some.map((key) => reconcile(key).catch(whyFailed)))
    for (const [index, key] of some.entries()) {
      const outcome = ended[index]
      if (outcome !== undefined && outcome.kind !== 'settled') open.push({ key, why: outcome.why })
    }
  }
  return open
}

function whyFailed(error: unknown): Outcome {
  return { kind: 'stalled', why: error instanceof Error ? error.message : String(error) }
}
