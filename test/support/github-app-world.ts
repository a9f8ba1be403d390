import { type IncomingMessage, request as onward, type ServerResponse } from 'node:http'
import { systemClock } from '../../src/pace/clock.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import type { Mayfly } from '../../src/wire.ts'
import { registerApp } from '../stand-ins/github/app-key.ts'
import { githubDialect, type GithubDialect, usualGithub } from '../stand-ins/github/dialect.ts'
import type { Branch } from './branch.ts'
import type { CapturedLog } from './captured-log.ts'
import { startHarness } from './harness.ts'
import { startHttpServer, type TestServer } from './http-server.ts'

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
  const { app: plain, privateKey } = registerApp()
  // To push, it must be allowed to write contents.
  const app = { ...plain, permissions: { ...plain.permissions, contents: 'write' } } as const
  const dialect = githubDialect({ ...usualGithub, clock: systemClock, app })
  const shown: { by: 'git' | 'api'; token: string; taken: boolean }[] = []
  const asked: string[] = []
  const fronts: TestServer[] = []
  const users = [{ login: 'dev', fullName: 'A developer', token: '' }]
  const harness = await startHarness({
    forges: [{ name: 'github', dialect, secret, options: { users } }],
    gitPath: 'acme/environments.git',
    env: { KEY: privateKey },
    async config({ forges, git, port }) {
      const api = forges[0]?.sandbox.url ?? ''
      const gitUrl = git.url.replace('/acme/environments.git', '')
      const front = await startHttpServer((request, response) => {
        const { url = '/', method = 'GET', headers } = request
        const isApi = url.startsWith('/api/')
        const [, token] = /^bearer (ghs_\S+)$/i.exec(headers.authorization ?? '') ?? []
        if (isApi) asked.push(`${method} ${url.replace(/\?.*/, '')}`)
        if (isApi && token !== undefined)
          shown.push({ by: 'api', token, taken: dialect.grantOf(token) !== null })
        passOn(`${isApi ? api : gitUrl}${url}`, request, response)
      })
      fronts.push(front)
      return configOf(front.url, app.id, port)
    },
  })
  const [{ sandbox } = { sandbox: undefined }] = harness.forges
  const [front] = fronts
  if (sandbox === undefined || front === undefined) throw new Error('no GitHub')
  sandbox.actions.createRepository('acme/environments')
  harness.git.fault(({ authorization = '' }) => {
    const token = installationToken(authorization)
    const taken = token !== null && dialect.grantOf(token)?.permissions['contents'] === 'write'
    if (token !== null) shown.push({ by: 'git', token, taken })
    if (taken) return { kind: 'serve' }
    return { kind: 'refuse', status: 401, headers: { 'www-authenticate': 'Basic realm="GitHub"' } }
  })
  await harness.start()
  return {
    url: front.url,
    sandbox,
    dialect,
    branch: harness.git.branch,
    mayfly: harness.mayfly(),
    log: harness.log,
    privateKey,
    shown,
    asked,
    async close() {
      await harness.stop()
      await front.close()
      await harness.close()
    },
  }
}

function passOn(target: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = request
  const passed = onward(target, { method: method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  passed.on('error', () => response.destroy())
  request.pipe(passed)
}

/** As git shows it: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation */
function installationToken(authorization: string): string | null {
  const [, encoded = ''] = /^basic (\S+)$/i.exec(authorization) ?? []
  const [, token] = /^x-access-token:(ghs_\S+)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return token ?? null
}

/** No token anywhere: the App is who Mayfly is, for git as well. */
function configOf(url: string, id: number, port: number): string {
  return `server: { host: 127.0.0.1, port: ${port} }
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
