import { systemClock } from '../../src/pace/clock.ts'
import type { ForgeDialect } from '../../src/sandbox/forge/dialect.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import { mergeRequestByNumber, repositoryNamed } from '../../src/sandbox/forge/state.ts'
import type { Mayfly } from '../../src/wire.ts'
import { githubDialect, usualGithub } from '../stand-ins/github/dialect.ts'
import { gitlabDialect, usualGitlab } from '../stand-ins/gitlab/dialect.ts'
import type { Branch } from './branch.ts'
import type { CapturedLog } from './captured-log.ts'
import { type FaultyForge, startFaultyForge } from './faulty-forge.ts'
import { userCalled } from './forge-harness.ts'
import { type HarnessParts, type RunningForge, startHarness } from './harness.ts'

export const repository = 'acme/shop'

/** One of several forges of two kinds; each has a repository of the same name, and the same numbers in it. */
export interface OneForge {
  readonly name: string
  readonly kind: 'github' | 'gitlab'
  /** Where people see it. */
  readonly url: string
  readonly token: string
  readonly secret: string
  readonly sandbox: SandboxForge
  readonly proxy: FaultyForge
  open(branch: string): number
  /** Our comments. */
  comments(number: number): readonly string[]
}

export interface SeveralForges {
  readonly forges: readonly OneForge[]
  readonly mayfly: Mayfly
  readonly branch: Branch
  readonly log: CapturedLog
  close(): Promise<void>
}

const setups = [
  { name: 'hub', kind: 'github', url: 'https://github.com', base: { base: '' } },
  { name: 'enterprise', kind: 'github', url: null, base: {} },
  { name: 'lab', kind: 'gitlab', url: 'https://gitlab.com', base: {} },
  { name: 'own-lab', kind: 'gitlab', url: null, base: {} },
] as const

/** github.com, an Enterprise Server, gitlab.com and a GitLab of one's own, with one Mayfly. */
export async function startSeveralForges(): Promise<SeveralForges> {
  const proxies: FaultyForge[] = []
  const forgesOf = ({ forges }: HarnessParts) =>
    setups.map((setup, index) => oneForge(setup, forges[index], proxies[index]))
  const harness = await startHarness({
    forges: setups.map(({ name, kind, url, base }) => ({
      name,
      dialect: dialectOf(kind, base),
      secret: `canary-webhook-secret-of-${name}`,
      options: { users: usersOf(name), rootUrl: url },
      through: async (target) => {
        const proxy = await startFaultyForge(target)
        proxies.push(proxy)
        return proxy.url
      },
    })),
    config: (parts) => configOf(forgesOf(parts), parts),
  })
  await harness.start()
  return {
    forges: forgesOf(harness),
    mayfly: harness.mayfly(),
    branch: harness.git.branch,
    log: harness.log,
    async close() {
      await harness.stop()
      for (const proxy of proxies) await proxy.close()
      await harness.close()
    },
  }
}

function dialectOf(kind: OneForge['kind'], more: { readonly base?: '' }): ForgeDialect {
  const clock = systemClock
  return kind === 'github'
    ? githubDialect({ ...usualGithub, clock, ...more })
    : gitlabDialect({ ...usualGitlab, clock })
}

function tokenOf(name: string): string {
  return `canary-token-of-${name}`
}

function usersOf(name: string) {
  return [
    { login: 'mayfly-bot', fullName: 'Mayfly', token: tokenOf(name) },
    { login: 'dev', fullName: 'A developer', token: '' },
  ]
}

/** `url` null: where its API is, people see it too. */
function oneForge(
  { name, kind, url }: (typeof setups)[number],
  running: RunningForge | undefined,
  proxy: FaultyForge | undefined,
): OneForge {
  if (running === undefined || proxy === undefined) throw new Error(`no forge ${name}`)
  const { sandbox, secret } = running
  const author = userCalled(sandbox, 'dev')
  return {
    name,
    kind,
    url: url ?? proxy.url,
    token: tokenOf(name),
    secret,
    sandbox,
    proxy,
    open: (branch) => sandbox.actions.openMergeRequest(repository, { branch, author }).number,
    comments: (number) =>
      mergeRequestByNumber(repositoryNamed(sandbox.state, repository), number)
        .comments.filter((comment) => comment.author.login === 'mayfly-bot')
        .map(({ body }) => body),
  }
}

/** `api` is derived where it is below the address that people see. */
function configOf(forges: readonly OneForge[], { git, port }: HarnessParts): string {
  const apiOf = ({ url, proxy, sandbox }: OneForge) =>
    url === proxy.url ? '' : `api: '${sandbox.api.replace(sandbox.url, proxy.url)}'`
  return `server: { host: 127.0.0.1, port: ${port} }
sweep: { every: 1h }
forges:
${forges
  .map(
    (forge) => `  - name: ${forge.name}
    kind: ${forge.kind}
    url: ${forge.url}
    token: ${forge.token}
    webhookSecret: ${forge.secret}
    ${apiOf(forge)}
`,
  )
  .join('')}
environmentRepository:
  url: ${git.url}
  token: canary-environment-token
  pushes: { perMinute: 6000, burst: 100 }
applications:
${forges
  .map(
    ({ name }) => `  - name: shop-${name}
    forge: ${name}
    repository: ${repository}
    template: preview.yaml.hbs
    url: https://{{name}}.preview.acme.dev
`,
  )
  .join('')}`
}
