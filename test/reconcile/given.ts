import type { Observation } from '../../src/preview/observation.ts'
import type { CommentResult, Forge, StatusResult } from '../../src/forge/port.ts'
import type { Subject } from '../../src/agent/port.ts'
import type { Application } from '../../src/preview/application.ts'
import { type MergeRequestKey, mergeRequestKey } from '../../src/preview/key.ts'
import type { MergeRequest, MergeRequestReading } from '../../src/preview/merge-request.ts'
import type { Outcome, Trigger } from '../../src/preview/outcome.ts'
import type { ProbeAnswer } from '../../src/probe/port.ts'
import type { ImageReading } from '../../src/registry/port.ts'
import { createReachability } from '../../src/reconcile/reachability.ts'
import { createConflictMonitor } from '../../src/reconcile/conflict-monitor.ts'
import { createDeliveryMemory, type DeliveryMemory } from '../../src/why/delivery-memory.ts'
import { createPassMemory } from '../../src/why/pass-memory.ts'
import { createWhyDesk, type WhyAnswer } from '../../src/why/why-desk.ts'
import { createReconcile } from '../../src/reconcile/reconcile.ts'
import type { Ports, Settings } from '../../src/reconcile/settings.ts'
import { createSourceRepositories } from '../../src/reconcile/source-repositories.ts'
import { createDenials } from '../../src/reconcile/denials.ts'
import { createGateWaits } from '../../src/reconcile/gate-waits.ts'
import { createTeardownTimes } from '../../src/reconcile/teardown-times.ts'
import { createPreviewRegistry, type PreviewRecord } from '../../src/report/preview-registry.ts'
import type { Report } from '../../src/report/publish/report.ts'
import { aMergeRequest, anApplication } from '../preview/fixtures.ts'
import { type CapturedLog, createCapturedLog } from '../support/captured-log.ts'
import { createMemoryConversation, type MemoryConversation } from '../support/memory-conversation.ts'
import { createMemoryRepository, type MemoryRepository } from '../support/memory-repository.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

export const key = mergeRequestKey({ forge: 'gitea', repository: 'acme/shop', number: 142 })

export const template = `apiVersion: v1
kind: Namespace
metadata:
  name: "{{namespace}}"
  labels:
    branch: "{{slug}}"
`

/** Everything a pass touches, at the ports: a forge, an agent, a branch and a clock that a test turns. */
export interface Given {
  readonly clock: VirtualClock
  readonly log: CapturedLog
  readonly repository: MemoryRepository
  readonly settings: Settings
  readonly ports: Ports
  /** What the forge says of merge request 142; a function is called at every read. */
  forge: MergeRequestReading | Error | ((reads: number) => MergeRequestReading | Error)
  files: readonly string[] | Error
  /** What the agent says; an error is thrown. */
  agent: Observation | Error | ((subject: Subject) => Observation)
  probe: ProbeAnswer
  /** What CI says by name; what is not named is missing. */
  checks: Readonly<Record<string, 'passed' | 'failed' | 'pending'>>
  image: ImageReading | Error
  /** References that a registry was asked for. */
  readonly asked: readonly string[]
  readonly checksRead: () => number
  readonly talk: MemoryConversation
  /** Keys of others that a pass put into the queue. */
  readonly wakened: readonly string[]
  readonly reads: () => number
  readonly filesListed: () => number
  readonly observed: readonly Subject[]
  readonly notified: readonly { readonly commit: string; readonly name: string }[]
  readonly reports: readonly Report[]
  records(): readonly PreviewRecord[]
  /** What `/readyz` repeats. */
  warnings(): readonly string[]
  reconcile(trigger?: Trigger): Promise<Outcome>
  readonly deliveries: DeliveryMemory
  /** Asks why, of another merge request where `other` says so. */
  why(other?: MergeRequestKey): Promise<WhyAnswer>
  /** The newest comment's text, without its marker. */
  comment(): string
}

export function found(change: Partial<MergeRequest> = {}): MergeRequestReading {
  return { kind: 'found', mergeRequest: aMergeRequest(change) }
}

export function given(
  applications: readonly Application[] = [anApplication()],
  change: Partial<Settings> = {},
): Given {
  const clock = createVirtualClock()
  const log = createCapturedLog()
  const repository = createMemoryRepository(clock)
  for (const { template: file } of applications)
    repository.push([{ path: `templates/${file}`, content: template }])
  const observed: Subject[] = []
  const notified: { commit: string; name: string }[] = []
  const reports: Report[] = []
  const talk = createMemoryConversation()
  const counts = { reads: 0, files: 0, checks: 0 }
  const asked: string[] = []
  const wakened: string[] = []
  const registry = createPreviewRegistry(clock)
  const settings: Settings = { ...someSettings, applications, ...change }
  const state: Given = {
    clock,
    log,
    repository,
    settings,
    ports: {
      forges: new Map([['gitea', forgeOf(() => state, counts)]]),
      repository,
      agent: {
        observe: (subject) => {
          observed.push(subject)
          return answer(typeof state.agent === 'function' ? state.agent(subject) : state.agent)
        },
        requestSync: (commit, name) => Promise.resolve(void notified.push({ commit, name })),
        watch: () => Promise.resolve(),
        resources: () => Promise.resolve([]),
        warnings: () => Promise.resolve([]),
        close: () => Promise.resolve(),
      },
      projects: () => null,
      checks: new Map([
        [
          'gitea',
          {
            readChecks: (_repository, _sha, names) => {
              counts.checks += 1
              return answer(
                names.map((name) => ({
                  name,
                  description: null,
                  url: null,
                  state: state.checks[name] ?? 'missing',
                })),
              )
            },
          },
        ],
      ]),
      conversations: new Map([['gitea', talk]]),
      images: {
        find: (reference) => {
          asked.push(reference)
          return answer(state.image)
        },
      },
      gateWaits: createGateWaits(clock),
      denials: createDenials(clock),
      teardownTimes: createTeardownTimes(),
      reachability: createReachability({ check: () => Promise.resolve(state.probe) }),
      clock,
    },
    forge: found(),
    files: [],
    agent: { kind: 'unwatched' },
    probe: { kind: 'answers' },
    checks: {},
    image: { kind: 'there', digest: null },
    asked,
    talk,
    wakened,
    checksRead: () => counts.checks,
    reads: () => counts.reads,
    filesListed: () => counts.files,
    observed,
    notified,
    reports,
    records: () => registry.records(),
    warnings: () => conflicts.sentences(),
    reconcile: (trigger = 'event') => pass(key, trigger),
    deliveries: createDeliveryMemory(clock),
    why: (other = key) => desk.ask(other, null),
    comment: () => reports.at(-1)?.comment?.body.split('\n').slice(1).join('\n') ?? '',
  }
  const sources = createSourceRepositories(applications)
  const conflicts = createConflictMonitor()
  const publish = (wish: Report): void => void reports.push(wish)
  const passes = createPassMemory(clock)
  const reconcile = createReconcile({
    settings,
    ports: state.ports,
    sources,
    registry,
    conflicts,
    claims: { hear: () => undefined },
    publish,
    wake: (woken) => void wakened.push(woken),
    log,
  })
  const pass = passes.watch(reconcile)
  const { ports, deliveries } = state
  const redact = (text: string): string => text.replaceAll('canary', '[secret]')
  const desk = createWhyDesk({ settings, ports, sources, registry, passes, deliveries, redact })
  return state
}

function forgeOf(state: () => Given, counts: { reads: number; files: number }): Forge {
  return {
    readMergeRequest: () => {
      counts.reads += 1
      const { forge } = state()
      return answer(typeof forge === 'function' ? forge(counts.reads) : forge)
    },
    listOpenMergeRequests: () => Promise.reject(new Error('not asked in a pass')),
    listChangedFiles: () => {
      counts.files += 1
      return answer(state().files)
    },
    publishComment: () => Promise.resolve<CommentResult>('unchanged'),
    publishStatus: () => Promise.resolve<StatusResult>('unchanged'),
  }
}

function answer<Value>(value: Value | Error): Promise<Value> {
  return value instanceof Error ? Promise.reject(value) : Promise.resolve(value)
}

const somePolicy = { kinds: ['Namespace'], projects: null, repositories: [], destinations: [] }

const someSettings: Omit<Settings, 'applications'> = {
  instance: 'default',
  naming: { namespacePrefix: 'preview-', budget: 53 },
  policy: { ...somePolicy, untrusted: somePolicy },
  environment: {
    url: 'https://git.acme.dev/acme/environments.git',
    branch: 'dynamic-envs',
    directory: 'apps',
    layout: 'files',
    templates: 'templates',
  },
  limits: { total: null, perApplication: null, perAuthor: null, perRepository: null, whenFull: 'wait' },
  commands: null,
  agentNamespace: null,
  committer: { login: 'mayfly', name: 'Mayfly', email: 'mayfly@localhost', bot: true },
  author: 'merge-request',
  comment: 'on',
  status: 'on',
  details: null,
}
