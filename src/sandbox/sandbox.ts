import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../pace/clock.ts'
import type { Config } from '../config/config.ts'
import { type Environment, processEnvironment } from '../config/environment.ts'
import { loadConfig } from '../config/load.ts'
import { createLog, type Log } from '../log.ts'
import { type Mayfly, startMayfly } from '../wire.ts'
import { createEnvironmentRepository } from '../wire/environment-repository.ts'
import { secretsOf } from '../wire/secrets.ts'
import { createStandInAgent } from './agent.ts'
import { giteaDialect } from './forge/gitea/dialect.ts'
import { type SandboxForge, startSandboxForge } from './forge.ts'
import { type GitServer, startGitServer } from './git-server.ts'

/** Everything that a merge request's life needs, in one process, on loopback only. */
export interface Sandbox {
  readonly mayfly: Mayfly
  readonly forge: SandboxForge
  readonly config: Config
  /** The bare environment repository on disk, for `git log`. */
  readonly environmentDirectory: string
  readonly environmentUrl: string
  /** The configuration as a file, for `mayfly render --config`. */
  readonly configFile: string
  /** Ends everything and removes every file. */
  close(): Promise<void>
}

const AGENT_TAKES_MS = 1_500

export async function startSandbox(options: {
  readonly port: number
  readonly path: string
}): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-sandbox-'))
  const log = createLog({ level: 'warn', pretty: true, destination: process.stderr, redact: [] })
  const git = await startGitServer({ root: join(folder, 'git'), path: options.path })
  const environmentDirectory = await git.createRepository('acme/environments.git')
  const token = randomBytes(16).toString('hex')
  const webhookSecret = randomBytes(16).toString('hex')
  const forge = await startForge(token, log)
  const environmentUrl = `${git.url}/acme/environments.git`
  const configText = sandboxConfigText({
    port: options.port,
    forgeUrl: forge.url,
    environmentUrl,
    token,
    webhookSecret,
  })
  const configFile = join(folder, 'mayfly.yaml')
  await writeFile(configFile, configText, { mode: 0o600 })
  const { config } = loadConfig({ path: configFile, text: configText, env: {} })
  const mayfly = await startMayfly(config, {
    agent: startAgent(config, log),
    log: quietLog(config),
    environment: withoutProxies(),
  })
  forge.webhooks.deliverTo({ url: `${mayfly.url}/webhooks/sandbox`, secret: webhookSecret })
  const close = (): Promise<void> => closeAll({ mayfly, forge, git, folder })
  return { mayfly, forge, config, environmentDirectory, environmentUrl, configFile, close }
}

async function startForge(token: string, log: Log): Promise<SandboxForge> {
  const forge = await startSandboxForge({
    dialect: giteaDialect({ pagedComments: false }),
    host: '127.0.0.1',
    port: 0,
    users: [
      { login: 'mayfly', fullName: 'Mayfly', token },
      { login: 'dev', fullName: 'A developer', token: 'dev' },
    ],
    webhook: null,
    clock: systemClock,
    log,
    pageLimit: 50,
    rootUrl: null,
  })
  forge.actions.createRepository('acme/shop')
  return forge
}

function startAgent(config: Config, log: Log) {
  const parts = {
    clock: systemClock,
    random: Math.random,
    log,
    environment: withoutProxies(),
    apps: new Map(),
    onPush: () => undefined,
  }
  const repository = createEnvironmentRepository(config, parts)
  return createStandInAgent({ repository, takesMs: AGENT_TAKES_MS, clock: systemClock })
}

/** All of it is on this machine: no proxy is asked for it. */
function withoutProxies(): Environment {
  return Object.fromEntries(Object.entries(processEnvironment()).filter(([name]) => !/_proxy$/i.test(name)))
}

/** What a newcomer watches is the play; only what needs them is logged beside it. */
function quietLog(config: Config): Log {
  return createLog({
    level: 'warn',
    pretty: true,
    destination: process.stderr,
    redact: secretsOf(config, {}),
  })
}

async function closeAll(parts: {
  mayfly: Mayfly
  forge: SandboxForge
  git: GitServer
  folder: string
}): Promise<void> {
  await parts.mayfly.close(5_000)
  await parts.forge.close()
  await parts.git.close()
  await rm(parts.folder, { recursive: true, force: true })
}

/** The sandbox's configuration: a normal one, as an operator would write it for a Gitea. */
function sandboxConfigText(facts: {
  readonly port: number
  readonly forgeUrl: string
  readonly environmentUrl: string
  readonly token: string
  readonly webhookSecret: string
}): string {
  return `server: { host: 127.0.0.1, port: ${facts.port} }
forges:
  - name: sandbox
    kind: gitea
    url: ${facts.forgeUrl}
    token: ${facts.token}
    webhookSecret: ${facts.webhookSecret}
environmentRepository:
  url: ${facts.environmentUrl}
  branch: dynamic-envs
  createBranch: true
sweep: { every: 1m }
applications:
  - name: shop
    forge: sandbox
    repository: acme/shop
    template: argocd-helm.yaml.hbs
    url: https://{{name}}.preview.acme.dev
    values: { project: previews }
`
}
