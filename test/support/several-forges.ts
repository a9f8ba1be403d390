import { systemClock } from '../../src/pace/clock.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { ForgeDialect } from '../../src/sandbox/forge/dialect.ts'
import { type SandboxForge, startSandboxForge } from '../../src/sandbox/forge.ts'
import { mergeRequestByNumber, repositoryNamed } from '../../src/sandbox/forge/state.ts'
import { type Mayfly, startMayfly } from '../../src/wire.ts'
import { githubDialect, usualGithub } from '../stand-ins/github/dialect.ts'
import { gitlabDialect, usualGitlab } from '../stand-ins/gitlab/dialect.ts'
import type { Branch } from './branch.ts'
import { type CapturedLog, createCapturedLog } from './captured-log.ts'
import { type FaultyForge, startFaultyForge } from './faulty-forge.ts'
import { failOnUnknown, userCalled } from './forge-harness.ts'
import { startTestGitServer } from './git-server.ts'
import { plainTemplate } from './world.ts'

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

/** github.com, an Enterprise Server, gitlab.com and a GitLab of one's own, with one Mayfly. */
export async function startSeveralForges(): Promise<SeveralForges> {
  const clock = systemClock
  const forges = [
    await startOne({ name: 'hub', kind: 'github', url: 'https://github.com' }, () =>
      githubDialect({ ...usualGithub, clock, base: '' }),
    ),
    await startOne({ name: 'enterprise', kind: 'github', url: null }, () =>
      githubDialect({ ...usualGithub, clock }),
    ),
    await startOne({ name: 'lab', kind: 'gitlab', url: 'https://gitlab.com' }, () =>
      gitlabDialect({ ...usualGitlab, clock }),
    ),
    await startOne({ name: 'own-lab', kind: 'gitlab', url: null }, () =>
      gitlabDialect({ ...usualGitlab, clock }),
    ),
  ]
  const git = await startTestGitServer({
    'apps/mayfly.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mayfly\n',
    'templates/preview.yaml.hbs': plainTemplate,
  })
  const log = createCapturedLog()
  const { config } = loadConfig({ path: 'mayfly.yaml', text: configOf(forges, git.url), env: {} })
  const mayfly = await startMayfly(config, { log, pace: { limits: [{ writes: 100, perMs: 1_000 }] } })
  for (const { name, sandbox, secret } of forges)
    sandbox.webhooks.deliverTo({ url: `${mayfly.url}/webhooks/${name}`, secret })
  return {
    forges,
    mayfly,
    branch: git.branch,
    log,
    async close() {
      for (const { sandbox } of forges) sandbox.webhooks.deliverTo(null)
      await mayfly.close(10_000)
      for (const { proxy, sandbox } of forges) {
        await proxy.close()
        await sandbox.close()
        failOnUnknown(sandbox)
      }
      await git.close()
    },
  }
}

/** `url` null: where its API is, people see it too. */
async function startOne(
  {
    name,
    kind,
    url,
  }: { readonly name: string; readonly kind: OneForge['kind']; readonly url: string | null },
  dialect: () => ForgeDialect,
): Promise<OneForge> {
  const token = `canary-token-of-${name}`
  const sandbox = await startSandboxForge({
    dialect: dialect(),
    host: '127.0.0.1',
    port: 0,
    users: [
      { login: 'mayfly-bot', fullName: 'Mayfly', token },
      { login: 'dev', fullName: 'A developer', token: '' },
    ],
    webhook: null,
    clock: systemClock,
    log: createCapturedLog(),
    pageLimit: 5,
    rootUrl: url,
  })
  sandbox.actions.createRepository(repository)
  const proxy = await startFaultyForge(sandbox.url)
  const author = userCalled(sandbox, 'dev')
  return {
    name,
    kind,
    url: url ?? proxy.url,
    token,
    secret: `canary-webhook-secret-of-${name}`,
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
function configOf(forges: readonly OneForge[], gitUrl: string): string {
  const apiOf = ({ url, proxy, sandbox }: OneForge) =>
    url === proxy.url ? '' : `api: '${sandbox.api.replace(sandbox.url, proxy.url)}'`
  return `server: { host: 127.0.0.1, port: 0 }
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
  url: ${gitUrl}
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
