import { systemClock } from '../../src/pace/clock.ts'
import { createGithubForge } from '../../src/forge/github/api.ts'
import { createGithubApp } from '../../src/forge/github/app.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import type { ForgeHarness } from '../contract/forge.ts'
import { createAppDesk } from '../stand-ins/github/app-desk.ts'
import { registerApp } from '../stand-ins/github/app-key.ts'
import {
  type GithubDialect,
  githubDialect,
  type GithubDialectOptions,
  usualGithub,
} from '../stand-ins/github/dialect.ts'
import {
  createHarness,
  createTestForge,
  sandboxToken,
  type StandInOptions,
  startStandIn,
  type TestForge,
  type TestForgeOptions,
  userCalled,
} from './forge-harness.ts'

export interface TestGithubOptions extends StandInOptions {
  readonly github?: Partial<GithubDialectOptions>
}

export interface TestGithub {
  readonly sandbox: SandboxForge
  readonly dialect: GithubDialect
}

/** The embedded forge as a GitHub; an Enterprise Server unless said otherwise. */
export async function startTestGithub({ github, ...options }: TestGithubOptions = {}): Promise<TestGithub> {
  const dialect = githubDialect({ ...usualGithub, clock: options.clock ?? systemClock, ...github })
  return { dialect, sandbox: await startStandIn(dialect, options) }
}

/** The adapter with a token, asking whatever answers at `url`. */
export function createTestGithub(url: string, options: TestForgeOptions = {}, base = '/api/v3'): TestForge {
  const token = () => Promise.resolve(options.token ?? sandboxToken)
  return createTestForge({ url, base }, options, (common) =>
    createGithubForge({ ...common, identity: { token } }),
  )
}

export async function createGithubHarness(options: TestGithubOptions = {}): Promise<ForgeHarness> {
  const { sandbox, dialect } = await startTestGithub(options)
  const { forge } = createTestGithub(sandbox.url, {}, dialect.base)
  return createHarness({ sandbox, forge, self: userCalled(sandbox, 'mayfly-bot') })
}

/** The adapter as an App that is installed on `acme`. */
export async function createGithubAppHarness(): Promise<ForgeHarness> {
  const { app, privateKey } = registerApp()
  const { sandbox, dialect } = await startTestGithub({ github: { app } })
  const { forge } = createTestForge({ url: sandbox.url, base: dialect.base }, {}, (common) => {
    const asApp = createGithubApp({ ...common, app: { id: String(app.id), privateKey } })
    return createGithubForge({ ...common, identity: { app: asApp } })
  })
  return createHarness({ sandbox, forge, self: createAppDesk(app, systemClock).bot })
}
