import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { loadConfig } from '../../src/config/load.ts'
import { type GitServer, type GitServerVerdict, startGitServer } from '../../src/sandbox/git-server.ts'
import { type SandboxForge, startSandboxForge } from '../../src/sandbox/forge.ts'
import type { SandboxMergeRequest, SandboxUser } from '../../src/sandbox/forge/state.ts'
import { type Mayfly, startMayfly } from '../../src/wire.ts'
import type { Overrides } from '../../src/wire/parts.ts'
import { type StandIn, type StandInKind, standInOf } from '../stand-ins/stand-in-of.ts'
import { type Branch, openBranch } from './branch.ts'
import { type CapturedLog, createCapturedLog } from './captured-log.ts'
import { eventually } from './eventually.ts'
import { failOnUnknown, userCalled } from './forge-harness.ts'
import { freePort } from './free-port.ts'

export const canaries = {
  forgeToken: 'canary-forge-token-71c0ffee',
  webhookSecret: 'canary-webhook-secret-71c0ffee',
  environmentToken: 'canary-environment-token-71c0ffee',
}

export const repository = 'acme/shop'

/** A whole small world: a forge, a git server over HTTP with an environment repository, and Mayfly between them. */
export interface World {
  readonly forge: SandboxForge
  readonly branch: Branch
  readonly log: CapturedLog
  readonly dev: SandboxUser
  /** What `dev` is called in commits: not every forge tells Mayfly a full name. */
  readonly devName: string
  readonly mayfly: () => Mayfly
  readonly configText: string
  /** Decides what becomes of each request to the git server. */
  gitGuard: (path: string, method: string) => GitServerVerdict
  start(): Promise<void>
  stop(): Promise<void>
  /** One more Mayfly on the same forge and branch, on a port of its own; stopped by the caller. */
  startReplica(): Promise<Mayfly>
  open(
    branch: string,
    wish?: { readonly labels?: readonly string[]; readonly source?: SandboxMergeRequest['source'] },
  ): number
  pull(number: number): SandboxMergeRequest
  /** Where people see a merge request. */
  page(number: number): string
  /** Our comments on a merge request, as people see them. */
  comments(number: number): string[]
  /** Waits until exactly these manifests stand on the branch. */
  manifests(names: readonly string[], withinMs?: number): Promise<void>
  /** Waits until our one comment says all of these. */
  says(number: number, ...words: readonly string[]): Promise<string>
  close(): Promise<void>
}

export interface WorldOptions {
  /** Whose API and webhooks the forge speaks; Gitea's unless said otherwise. */
  readonly forge?: StandInKind
  /** More lines of mayfly.yaml, for example `queue: { redis: ... }`. */
  readonly config?: string
  /** More lines of the application. */
  readonly application?: string
  readonly layout?: 'files' | 'directories'
  /** Where its previews are. */
  readonly url?: string
  readonly sweepEvery?: string
  readonly pushes?: string
  readonly template?: string
  /** Where Mayfly reaches the forge; absent: directly. */
  readonly through?: (forgeUrl: string) => Promise<string>
  readonly overrides?: Overrides
  readonly autostart?: boolean
}

export const plainTemplate = `apiVersion: v1
kind: Namespace
metadata:
  name: {{namespace}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{name}}
  namespace: {{namespace}}
data:
  branch: {{branch}}
  sha: {{sha}}
  title: {{title}}
`

const foreignFiles = {
  'README.md': 'Environments of acme\n',
  'apps/mayfly.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mayfly\n',
  'apps/by-hand.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: by-hand}\n# kept to the byte\r\n',
  'apps/notes.txt': 'not yaml: [\n',
  'infrastructure/ingress.yaml': 'kind: Ingress\n',
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-world-'))
  const guard = { decide: (_path: string, _method: string): GitServerVerdict => ({ kind: 'serve' }) }
  const git = await startGitServer({
    root: join(folder, 'git'),
    path: process.env['PATH'] ?? '',
    guard: (request) => guard.decide(request.url ?? '', request.method ?? ''),
  })
  const directory = await git.createRepository('environments.git')
  const branch = openBranch(directory)
  await branch.commitForeign(
    { ...foreignFiles, 'templates/preview.yaml.hbs': options.template ?? plainTemplate },
    'seed',
  )
  await branch.git('update-ref', 'refs/heads/main', await branch.tip())
  const kind = options.forge ?? 'gitea'
  const standIn = standInOf(kind, systemClock)
  const forge = await startForge(standIn)
  const forgeUrl = (await options.through?.(forge.url)) ?? forge.url
  const port = await freePort()
  const configText = configOf({ kind, forgeUrl, gitUrl: git.url, port, options })
  const log = createCapturedLog()
  let mayfly: Mayfly | null = null
  const world: World = {
    forge,
    branch,
    log,
    configText,
    dev: userCalled(forge, 'dev'),
    devName: standIn.tellsFullNames ? 'A developer' : 'dev',
    get gitGuard() {
      return guard.decide
    },
    set gitGuard(decide) {
      guard.decide = decide
    },
    mayfly: () => {
      if (mayfly === null) throw new Error('Mayfly is not running')
      return mayfly
    },
    start: async () => {
      const { config } = loadConfig({ path: 'mayfly.yaml', text: configText, env: {} })
      mayfly = await startMayfly(config, {
        log,
        pace: { limits: [{ writes: 100, perMs: 1_000 }] },
        ...options.overrides,
      })
      forge.webhooks.deliverTo({ url: `${mayfly.url}/webhooks/${kind}`, secret: canaries.webhookSecret })
    },
    startReplica: () => {
      const text = configText.replace(/port: \d+/, 'port: 0')
      const { config } = loadConfig({ path: 'mayfly.yaml', text, env: {} })
      return startMayfly(config, { log, ...options.overrides })
    },
    stop: async () => {
      forge.webhooks.deliverTo(null)
      await mayfly?.close(10_000)
      mayfly = null
    },
    open: (source, wish = {}) =>
      forge.actions.openMergeRequest(repository, {
        branch: source,
        author: userCalled(forge, 'dev'),
        ...wish,
      }).number,
    pull: (number) => pullOf(forge, number),
    page: (number) => `${forgeUrl}${standIn.page(repository, number)}`,
    comments: (number) =>
      pullOf(forge, number)
        .comments.filter(({ author }) => author.login === 'mayfly-bot')
        .map(({ body }) => body),
    manifests: async (names, withinMs = 30_000) => {
      const wanted = [...names, 'by-hand.yml', 'notes.txt'].toSorted()
      await eventually(
        async () => {
          expect((await branch.files()).toSorted()).toEqual(wanted)
        },
        { withinMs },
      )
    },
    says: (number, ...words) =>
      eventually(
        () => {
          const [comment = '', ...more] = world.comments(number)
          expect(more).toEqual([])
          for (const word of words) expect(comment).toContain(word)
          return comment
        },
        { withinMs: 30_000 },
      ),
    close: async () => {
      await world.stop()
      await expectLaw7(branch)
      expectNoCanary(log.text())
      await closeServers(forge, git)
      failOnUnknown(forge)
      await rm(folder, { recursive: true, force: true })
    },
  }
  if (options.autostart !== false) await world.start()
  return world
}

/** Law 7, from git's own mouth: only our files were written, all else is as it was, history was only appended to. */
async function expectLaw7(branch: Branch): Promise<void> {
  const [seed, ...ours] = await branch.commits()
  for (const { author, touched, subject } of ours)
    if (!author.startsWith('Somebody '))
      for (const change of touched)
        expect(change, subject).toMatch(/^[AMD] apps\/[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.yml|\/preview\.yml)$/)
  for (const [path, content] of Object.entries(foreignFiles)) expect(await branch.file(path)).toBe(content)
  expect((await branch.git('rev-parse', 'refs/heads/main')).trim()).toBe(seed?.sha)
  expect((await branch.git('for-each-ref', '--format=%(refname)')).trim().split('\n').toSorted()).toEqual([
    'refs/heads/dynamic-envs',
    'refs/heads/main',
  ])
}

function expectNoCanary(text: string): void {
  for (const canary of Object.values(canaries)) expect(text).not.toContain(canary)
}

async function startForge({ dialect }: StandIn): Promise<SandboxForge> {
  const forge = await startSandboxForge({
    dialect,
    host: '127.0.0.1',
    port: 0,
    users: [
      { login: 'mayfly-bot', fullName: 'Mayfly', token: canaries.forgeToken },
      { login: 'dev', fullName: 'A developer', token: 'dev' },
    ],
    webhook: null,
    clock: systemClock,
    log: createCapturedLog(),
    pageLimit: 5,
    rootUrl: null,
  })
  forge.actions.createRepository(repository)
  return forge
}

function configOf(facts: {
  readonly kind: StandInKind
  readonly forgeUrl: string
  readonly gitUrl: string
  readonly port: number
  readonly options: WorldOptions
}): string {
  const { options } = facts
  return `server: { host: 127.0.0.1, port: ${facts.port} }
forges:
  - name: ${facts.kind}
    kind: ${facts.kind}
    url: ${facts.forgeUrl}
    token: ${canaries.forgeToken}
    webhookSecret: ${canaries.webhookSecret}
environmentRepository:
  url: ${facts.gitUrl}/environments.git
  token: ${canaries.environmentToken}
  layout: ${options.layout ?? 'files'}
  pushes: ${options.pushes ?? '{ perMinute: 6000, burst: 100 }'}
sweep: { every: ${options.sweepEvery ?? '1h'} }
applications:
  - name: shop
    forge: ${facts.kind}
    repository: ${repository}
    template: preview.yaml.hbs
    url: ${options.url ?? 'https://{{name}}.preview.acme.dev'}
    ${options.application ?? ''}
${options.config ?? ''}
`
}

function pullOf({ state }: SandboxForge, number: number): SandboxMergeRequest {
  const found = state.repositories[0]?.mergeRequests.find((one) => one.number === number)
  if (found === undefined) throw new Error(`no merge request ${number}`)
  return found
}

async function closeServers(forge: SandboxForge, git: GitServer): Promise<void> {
  await forge.close()
  await git.close()
}
