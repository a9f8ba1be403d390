import { request as onward } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/pace/clock.ts'
import { loadConfig } from '../../src/config/load.ts'
import { startGitServer } from '../../src/sandbox/git-server.ts'
import { type SandboxForge, startSandboxForge } from '../../src/sandbox/forge.ts'
import { type Mayfly, startMayfly } from '../../src/wire.ts'
import { registerApp } from '../stand-ins/github/app-key.ts'
import { githubDialect, type GithubDialect, usualGithub } from '../stand-ins/github/dialect.ts'
import { type Branch, openBranch } from './branch.ts'
import { type CapturedLog, createCapturedLog } from './captured-log.ts'
import { failOnUnknown } from './forge-harness.ts'
import { startHttpServer } from './http-server.ts'
import { plainTemplate } from './world.ts'

/** A GitHub with its repositories, their API and their git under one address, and a Mayfly that is an App there. */
export interface GithubAppWorld {
  readonly url: string
  readonly sandbox: SandboxForge
  readonly dialect: GithubDialect
  readonly branch: Branch
  readonly mayfly: Mayfly
  readonly log: CapturedLog
  readonly privateKey: string
  /** Every token that git or the API was shown, and whether it was taken. */
  readonly shown: readonly { readonly by: 'git' | 'api'; readonly token: string; readonly taken: boolean }[]
  /** Method and path of every question to the API. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

const secret = 'canary-webhook-secret-of-the-app'

export async function startGithubAppWorld(): Promise<GithubAppWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-app-'))
  const { app: plain, privateKey } = registerApp()
  // To push, it must be allowed to write contents.
  const app = { ...plain, permissions: { ...plain.permissions, contents: 'write' } } as const
  const dialect = githubDialect({ ...usualGithub, clock: systemClock, app })
  const shown: { by: 'git' | 'api'; token: string; taken: boolean }[] = []
  const asked: string[] = []
  const git = await startGitServer({
    root: join(folder, 'git'),
    path: process.env['PATH'] ?? '',
    guard: ({ headers: { authorization = '' } }) => {
      const token = installationToken(authorization)
      const taken = token !== null && dialect.grantOf(token)?.permissions['contents'] === 'write'
      if (token !== null) shown.push({ by: 'git', token, taken })
      if (taken) return { kind: 'serve' }
      return { kind: 'refuse', status: 401, headers: { 'www-authenticate': 'Basic realm="GitHub"' } }
    },
  })
  const branch = openBranch(await git.createRepository('acme/environments.git'))
  await branch.commitForeign({
    'apps/mayfly.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mayfly\n',
    'templates/preview.yaml.hbs': plainTemplate,
  })
  const sandbox = await startSandboxForge({
    dialect,
    host: '127.0.0.1',
    port: 0,
    users: [{ login: 'dev', fullName: 'A developer', token: '' }],
    webhook: null,
    clock: systemClock,
    log: createCapturedLog(),
    pageLimit: 5,
    rootUrl: null,
  })
  for (const name of ['acme/shop', 'acme/environments']) sandbox.actions.createRepository(name)
  const front = await startHttpServer((request, response) => {
    const { url = '/', method = 'GET', headers } = request
    const isApi = url.startsWith('/api/')
    const [, token] = /^bearer (ghs_\S+)$/i.exec(headers.authorization ?? '') ?? []
    if (isApi) asked.push(`${method} ${url.replace(/\?.*/, '')}`)
    if (isApi && token !== undefined) shown.push({ by: 'api', token, taken: dialect.grantOf(token) !== null })
    const target = `${isApi ? sandbox.url : git.url}${url}`
    const passed = onward(target, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
  const log = createCapturedLog()
  const { config } = loadConfig({
    path: 'mayfly.yaml',
    text: configOf(front.url, app.id),
    env: { KEY: privateKey },
  })
  const mayfly = await startMayfly(config, { log, pace: { limits: [{ writes: 100, perMs: 1_000 }] } })
  sandbox.webhooks.deliverTo({ url: `${mayfly.url}/webhooks/github`, secret })
  return {
    url: front.url,
    sandbox,
    dialect,
    branch,
    mayfly,
    log,
    privateKey,
    shown,
    asked,
    async close() {
      sandbox.webhooks.deliverTo(null)
      await mayfly.close(10_000)
      await front.close()
      await git.close()
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
      failOnUnknown(sandbox)
    },
  }
}

/** As git shows it: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation */
function installationToken(authorization: string): string | null {
  const [, encoded = ''] = /^basic (\S+)$/i.exec(authorization) ?? []
  const [, token] = /^x-access-token:(ghs_\S+)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return token ?? null
}

/** No token anywhere: the App is who Mayfly is, for git as well. */
function configOf(url: string, id: number): string {
  return `server: { host: 127.0.0.1, port: 0 }
sweep: { every: 1h }
forges:
  - name: github
    kind: github
    url: ${url}
    app: { id: ${id}, privateKey: '\${KEY}' }
    webhookSecret: ${secret}
environmentRepository:
  url: ${url}/acme/environments.git
  pushes: { perMinute: 6000, burst: 100 }
applications:
  - name: shop
    forge: github
    repository: acme/shop
    template: preview.yaml.hbs
    url: https://{{name}}.preview.acme.dev
`
}
