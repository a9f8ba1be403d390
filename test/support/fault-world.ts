import { createNoAgent } from '../../src/agent/no-agent.ts'
import { systemClock } from '../../src/pace/clock.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { EnvironmentRepository } from '../../src/environment-repository/port.ts'
import { createRefusalMonitor } from '../../src/forge/refusal-monitor.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import type { MergeRequestKey } from '../../src/preview/key.ts'
import { createConflictMonitor } from '../../src/reconcile/conflict-monitor.ts'
import { createReconcile } from '../../src/reconcile/reconcile.ts'
import { createSourceRepositories } from '../../src/reconcile/source-repositories.ts'
import { createOpenBefore } from '../../src/sweep/open-before.ts'
import { sweep } from '../../src/sweep/sweep.ts'
import { createPreviewRegistry } from '../../src/report/preview-registry.ts'
import { newPublishState, pendingOf } from '../../src/report/publish/memory.ts'
import type { ReportItem, Report } from '../../src/report/publish/report.ts'
import { publishItem } from '../../src/report/publish/publish-item.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import { createEnvironmentRepository } from '../../src/wire/environment-repository.ts'
import { createPorts, createSettings } from '../../src/wire/settings.ts'
import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import type { Branch } from './branch.ts'
import { createCapturedLog } from './captured-log.ts'
import { filed, openMergeRequests } from './fault-cases.ts'
import { createGate } from './fault-gate.ts'
import { type FaultyForge, startFaultyForge } from './faulty-forge.ts'
import { sandboxToken } from './forge-harness.ts'
import { startHarness } from './harness.ts'
import { adapterOf, patientDialectOf } from './tested-forge.ts'

/** A forge behind a proxy with faults, a git server over HTTP, and the parts of Mayfly between them, without its timers. */
export interface FaultWorld {
  readonly sandbox: SandboxForge
  readonly proxy: FaultyForge
  readonly branch: Branch
  /** A Mayfly that has just started, on the clone of those before. */
  worker(timeoutMs?: number): Worker
  close(): Promise<void>
}

/** What Mayfly does, when told to. */
export interface Worker {
  sweep(): Promise<{ readonly keys: readonly MergeRequestKey[]; readonly complete: readonly string[] }>
  /** Looks at them all at once. What the forge fails at is left for the next look, as the queue does. */
  reconcile(keys: readonly MergeRequestKey[]): Promise<void>
  /** Tries once to write each report on merge requests of these repositories that is still owed. */
  publish(repositories: readonly string[]): Promise<void>
}

export async function startFaultWorld(kind: StandInKind): Promise<FaultWorld> {
  const proxies: FaultyForge[] = []
  const harness = await startHarness({
    forges: [
      {
        name: kind,
        dialect: patientDialectOf(kind),
        secret: 'not-used-in-this-one',
        options: { pageLimit: 2, rootUrl: 'https://git.acme.example' },
        through: async (url) => {
          const proxy = await startFaultyForge(url)
          proxies.push(proxy)
          return proxy.url
        },
      },
    ],
    config: ({ forges, git }) => configOf(kind, forges[0]?.url ?? '', git.url),
  })
  const { branch } = harness.git
  // Nobody tidies up in the background of a test.
  for (const key of ['gc.auto', 'receive.autogc']) await branch.git('config', key, '0')
  const { config } = loadConfig({ path: 'mayfly.yaml', text: harness.configText, env: {} })
  const common = { clock: systemClock, random: Math.random, log: createCapturedLog() }
  const parts = { ...common, environment: process.env, apps: new Map(), onPush: () => undefined }
  const repository = createEnvironmentRepository(config, parts)
  const [running] = harness.forges
  const [proxy] = proxies
  if (running === undefined || proxy === undefined) throw new Error('no forge')
  return {
    sandbox: running.sandbox,
    proxy,
    branch,
    worker: (timeoutMs = 20_000) => createWorker({ kind, config, repository, url: proxy.url, timeoutMs }),
    async close() {
      await repository.close()
      await proxy.close()
      await harness.close()
    },
  }
}

function createWorker(given: {
  readonly kind: StandInKind
  readonly config: Config
  readonly repository: EnvironmentRepository
  readonly url: string
  readonly timeoutMs: number
}): Worker {
  const { kind, config } = given
  const gate = createGate()
  const change: EnvironmentRepository['change'] = async (wanted) => {
    await gate.arrive()
    return given.repository.change(wanted)
  }
  const repository = { ...given.repository, change }
  const log = createCapturedLog()
  const common = { clock: systemClock, log }
  const adapter = adapterOf(kind, given.url, given).forge
  const forges = createRefusalMonitor(common).watch(new Map([[kind, adapter]]))
  const settings = createSettings(config)
  const agent = createNoAgent()
  const ports = createPorts({
    clock: systemClock,
    forges,
    repository,
    agent,
    projects: () => null,
    images: { find: () => Promise.reject(new Error('no image is asked for')) },
  })
  const sources = createSourceRepositories(config.applications)
  const reports = new Map<MergeRequestKey, Report>()
  const publish = (report: Report) => void reports.set(report.key, report)
  const registry = createPreviewRegistry(systemClock)
  const reconcile = createReconcile({
    settings,
    ports,
    sources,
    registry,
    conflicts: createConflictMonitor(),
    claims: { hear: () => undefined },
    publish,
    wake: () => undefined,
    log,
  })
  return {
    async sweep() {
      const keys: MergeRequestKey[] = []
      const complete: string[] = []
      await sweep({
        ...common,
        settings,
        ports,
        sources,
        queue: { add: (key) => Promise.resolve(void keys.push(key)) },
        lookBackMs: 0,
        openBefore: createOpenBefore(),
        onOrphans: () => undefined,
        onComplete: (source) => complete.push(source.repository),
        onFailed: () => undefined,
      })
      return { keys, complete }
    },
    async reconcile(keys) {
      gate.expect(keys.length)
      // An event's look: no breaker holds a removal back.
      const reconciles = keys.map((key) => reconcile(key, 'event').catch(onlyRetries).finally(gate.leave))
      await Promise.all(reconciles)
    },
    async publish(repositories) {
      const due = [...reports.values()].filter(({ ref }) => repositories.includes(ref.repository))
      reports.clear()
      const said = await Promise.all(due.map((report) => publishAll(adapter, report)))
      for (const report of due.filter((_, index) => said[index] === false)) publish(report)
    },
  }
}

/** Whether all of it was said. */
async function publishAll(writer: Parameters<typeof publishItem>[0], report: Report): Promise<boolean> {
  const entry = newPublishState(report)
  const publish = (item: ReportItem) =>
    publishItem(writer, entry, item, { ref: report.ref, others: [] }).catch(() => 'failed')
  const ends: (string | null)[] = []
  for (const item of pendingOf(entry, 0)) {
    let end = await publish(item)
    while (end === 'unfinished') end = await publish(item)
    ends.push(end)
  }
  return !ends.includes('failed')
}

function onlyRetries(error: unknown): void {
  if (!(error instanceof RetryLater)) throw error
}

function configOf(kind: StandInKind, forgeUrl: string, gitUrl: string): string {
  const applications = [...openMergeRequests.keys()].map(
    (repository) => `  - name: ${repository.replace('acme/', '')}
    forge: ${kind}
    repository: ${repository}
    template: preview.yaml.hbs
    url: https://{{name}}.preview.acme.dev
    ${repository === filed ? 'when: { paths: ["web/**"] }' : ''}
`,
  )
  return `forges:
  - { name: ${kind}, kind: ${kind}, url: '${forgeUrl}', token: ${sandboxToken}, webhookSecret: not-used-in-this-one }
environmentRepository:
  url: ${gitUrl}
  token: not-used-either
  pushes: { perMinute: 6000, burst: 100 }
applications:
${applications.join('')}`
}
