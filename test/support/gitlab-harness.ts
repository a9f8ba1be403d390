import { systemClock } from '../../src/pace/clock.ts'
import { createGitlabForge } from '../../src/forge/gitlab/api.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import type { ForgeHarness } from '../contract/forge.ts'
import {
  type GitlabDialect,
  type GitlabDialectOptions,
  gitlabDialect,
  usualGitlab,
} from '../stand-ins/gitlab/dialect.ts'
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

export interface TestGitlabOptions extends StandInOptions {
  readonly gitlab?: Partial<GitlabDialectOptions>
}

export interface TestGitlab {
  readonly sandbox: SandboxForge
  readonly dialect: GitlabDialect
}

/** The embedded forge as a GitLab. */
export async function startTestGitlab({ gitlab, ...options }: TestGitlabOptions = {}): Promise<TestGitlab> {
  const dialect = gitlabDialect({ ...usualGitlab, clock: options.clock ?? systemClock, ...gitlab })
  return { dialect, sandbox: await startStandIn(dialect, options) }
}

/** The adapter, asking whatever answers at `url`. */
export function createTestGitlab(url: string, options: TestForgeOptions = {}): TestForge {
  const token = () => Promise.resolve(options.token ?? sandboxToken)
  return createTestForge({ url, base: '/api/v4' }, options, (common) =>
    createGitlabForge({ ...common, token }),
  )
}

/** Whoever belongs to the project may comment where the discussion is locked. */
export async function createGitlabHarness(options: TestGitlabOptions = {}): Promise<ForgeHarness> {
  const { sandbox } = await startTestGitlab(options)
  const { forge } = createTestGitlab(sandbox.url)
  const harness = createHarness({ sandbox, forge, self: userCalled(sandbox, 'mayfly-bot') })
  return { ...harness, lock: (number) => harness.lock(number).then(() => false) }
}
