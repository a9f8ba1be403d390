import { loadConfig } from '../../src/config/load.ts'
import type { ForgeDialect } from '../../src/sandbox/forge/dialect.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import { type Mayfly, startMayfly } from '../../src/wire.ts'
import type { Overrides } from '../../src/wire/parts.ts'
import { type CapturedLog, createCapturedLog } from './captured-log.ts'
import { failOnUnknown, type StandInOptions, startStandIn } from './forge-harness.ts'
import { freePort } from './free-port.ts'
import { startTestGitServer, type TestGitServer } from './git-server.ts'

export interface ForgeSetup {
  /** In the configuration. */
  readonly name: string
  readonly dialect: ForgeDialect
  readonly secret: string
  readonly options?: StandInOptions
  /** Where Mayfly reaches it, given its own address; absent: there. */
  readonly through?: (url: string) => Promise<string>
}

export interface RunningForge {
  readonly name: string
  readonly secret: string
  readonly sandbox: SandboxForge
  /** Where Mayfly reaches it. */
  readonly url: string
}

export interface HarnessOptions {
  readonly forges: readonly ForgeSetup[]
  /** The first commit of the environment branch; the root's inert object and `templates/preview.yaml.hbs` besides. */
  readonly files?: Readonly<Record<string, string>>
  /** The environment repository's path on its server. */
  readonly gitPath?: string
  /** Of the configuration, made once everything else runs. */
  readonly config: (parts: HarnessParts) => string | Promise<string>
  readonly env?: Readonly<Record<string, string>>
  readonly overrides?: Overrides
}

export interface HarnessParts {
  readonly forges: readonly RunningForge[]
  readonly git: TestGitServer
  /** Free, for Mayfly. */
  readonly port: number
}

/** Forges, a git server over HTTP with an environment repository, and a Mayfly between them that is started and stopped at will. */
export interface Harness extends HarnessParts {
  readonly log: CapturedLog
  readonly configText: string
  mayfly(): Mayfly
  start(): Promise<void>
  stop(): Promise<void>
  /** One more Mayfly on the same forges and branch, on a port of its own; stopped by the caller. */
  startReplica(): Promise<Mayfly>
  /** Fails when a forge was asked what it does not know. */
  close(): Promise<void>
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

/** All of it is on this machine. */
const withoutProxies = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name)),
)

export const inertObject = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mayfly\n'

export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const { files, gitPath, env = {}, overrides } = options
  const git = await startTestGitServer(
    { 'apps/mayfly.yml': inertObject, 'templates/preview.yaml.hbs': plainTemplate, ...files },
    gitPath,
  )
  const forges: RunningForge[] = []
  for (const { name, dialect, secret, options: more, through } of options.forges) {
    const sandbox = await startStandIn(dialect, { pageLimit: 5, rootUrl: null, ...more })
    forges.push({ name, secret, sandbox, url: (await through?.(sandbox.url)) ?? sandbox.url })
  }
  const port = await freePort()
  const configText = await options.config({ forges, git, port })
  const log = createCapturedLog()
  let running: Mayfly | null = null

  function run(text: string): Promise<Mayfly> {
    const { config } = loadConfig({ path: 'mayfly.yaml', text, env })
    return startMayfly(config, {
      log,
      environment: withoutProxies,
      pace: { limits: [{ writes: 100, perMs: 1_000 }] },
      ...overrides,
    })
  }

  async function stop(): Promise<void> {
    for (const { sandbox } of forges) sandbox.webhooks.deliverTo(null)
    await running?.close(10_000)
    running = null
  }

  return {
    forges,
    git,
    port,
    log,
    configText,
    mayfly() {
      if (running === null) throw new Error('Mayfly is not running')
      return running
    },
    async start() {
      running = await run(configText)
      for (const { name, sandbox, secret } of forges)
        sandbox.webhooks.deliverTo({ url: `${running.url}/webhooks/${name}`, secret })
    },
    stop,
    startReplica: () => run(configText.replace(/port: \d+/, 'port: 0')),
    async close() {
      await stop()
      for (const { sandbox } of forges) await sandbox.close()
      await git.close()
      for (const { sandbox } of forges) failOnUnknown(sandbox)
    },
  }
}
