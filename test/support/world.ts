import { expect } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import type { GitServerVerdict } from '../../src/sandbox/git-server.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import type { SandboxMergeRequest, SandboxUser } from '../../src/sandbox/forge/state.ts'
import type { Mayfly } from '../../src/wire.ts'
import type { Overrides } from '../../src/wire/parts.ts'
import { type StandInKind, standInOf } from '../stand-ins/stand-in-of.ts'
import type { Branch } from './branch.ts'
import type { CapturedLog } from './captured-log.ts'
import { eventually } from './eventually.ts'
import { userCalled } from './forge-harness.ts'
import { type HarnessParts, inertObject, plainTemplate, startHarness } from './harness.ts'

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

const foreignFiles = {
  'README.md': 'Environments of acme\n',
  'apps/mayfly.yml': inertObject,
  'apps/by-hand.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: by-hand}\n# kept to the byte\r\n',
  'apps/notes.txt': 'not yaml: [\n',
  'infrastructure/ingress.yaml': 'kind: Ingress\n',
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const kind = options.forge ?? 'gitea'
  const standIn = standInOf(kind, systemClock)
  const users = [
    { login: 'mayfly-bot', fullName: 'Mayfly', token: canaries.forgeToken },
    { login: 'dev', fullName: 'A developer', token: 'dev' },
    { login: 'maintainer', fullName: 'A maintainer', token: 'maintainer' },
  ]
  const through = options.through === undefined ? {} : { through: options.through }
  const { dialect } = standIn
  const harness = await startHarness({
    forges: [{ name: kind, dialect, secret: canaries.webhookSecret, options: { users }, ...through }],
    files: { ...foreignFiles, 'templates/preview.yaml.hbs': options.template ?? plainTemplate },
    config: (parts) => configOf({ kind, ...parts, options }),
    ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
  })
  const { git, log, configText } = harness
  const { branch } = git
  await branch.git('update-ref', 'refs/heads/main', await branch.tip())
  const [running] = harness.forges
  if (running === undefined) throw new Error('no forge')
  const forge = running.sandbox
  let decide: World['gitGuard'] = () => ({ kind: 'serve' })
  git.fault(({ url, method }) => decide(url, method))
  const world: World = {
    forge,
    branch,
    log,
    configText,
    dev: userCalled(forge, 'dev'),
    devName: standIn.tellsFullNames ? 'A developer' : 'dev',
    get gitGuard() {
      return decide
    },
    set gitGuard(next) {
      decide = next
    },
    mayfly: () => harness.mayfly(),
    start: () => harness.start(),
    startReplica: () => harness.startReplica(),
    stop: () => harness.stop(),
    open: (source, wish = {}) =>
      forge.actions.openMergeRequest(repository, {
        branch: source,
        author: userCalled(forge, 'dev'),
        ...wish,
      }).number,
    pull: (number) => pullOf(forge, number),
    page: (number) => `${running.url}${standIn.page(repository, number)}`,
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
      await harness.stop()
      await expectLaw7(branch)
      expectNoCanary(log.text())
      await harness.close()
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

function configOf(
  facts: HarnessParts & { readonly kind: StandInKind; readonly options: WorldOptions },
): string {
  const { options } = facts
  return `server: { host: 127.0.0.1, port: ${facts.port} }
forges:
  - name: ${facts.kind}
    kind: ${facts.kind}
    url: ${facts.forges[0]?.url ?? ''}
    token: ${canaries.forgeToken}
    webhookSecret: ${canaries.webhookSecret}
environmentRepository:
  url: ${facts.git.url}
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
