import { createGiteaForge } from '../../src/forge/gitea/api.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import { giteaDialect } from '../../src/sandbox/forge/gitea/dialect.ts'
import type { ForgeHarness } from '../contract/forge.ts'
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

export interface TestGiteaOptions extends StandInOptions {
  /** Whether the list of comments has pages; Gitea 1.26 gives all at once. */
  readonly pagedComments?: boolean
}

/** The embedded forge as a Gitea. */
function startTestGitea({ pagedComments = true, ...options }: TestGiteaOptions = {}): Promise<SandboxForge> {
  return startStandIn(giteaDialect({ pagedComments }), options)
}

/** The adapter, asking whatever answers at `url`. */
export function createTestGitea(url: string, options: TestForgeOptions = {}): TestForge {
  const token = () => Promise.resolve(options.token ?? sandboxToken)
  return createTestForge({ url, base: '/api/v1' }, options, (common) =>
    createGiteaForge({ ...common, token }),
  )
}

export async function createGiteaHarness(options: TestGiteaOptions = {}): Promise<ForgeHarness> {
  const sandbox = await startTestGitea(options)
  const { forge } = createTestGitea(sandbox.url)
  return createHarness({ sandbox, forge, self: userCalled(sandbox, 'mayfly-bot') })
}
