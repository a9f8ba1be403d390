import { afterAll, beforeAll, beforeEach } from 'vitest'
import { commitSha } from '../../src/preview/brand.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import type { SandboxUser } from '../../src/sandbox/forge/state.ts'
import { type FaultyForge, startFaultyForge } from './faulty-forge.ts'
import { failOnUnknown, type TestForge } from './forge-harness.ts'
import { createTestGitea, startTestGitea } from './gitea-harness.ts'

export const repository = 'acme/shop'
export const marker = '<!-- mayfly:default -->'
/** The head of merge request 1. */
export const sha = commitSha('c0ffee'.padEnd(40, '0'))

export interface FaultyGitea {
  readonly sandbox: SandboxForge
  readonly proxy: FaultyForge
  readonly gitea: TestForge
}

/**
 * The adapter, a proxy with faults, and the embedded forge behind it: before every test five open merge requests, the
 * first with five comments and five statuses, so three pages of each.
 */
export function useFaultyGitea(): () => FaultyGitea {
  const world: { now: FaultyGitea | null } = { now: null }
  const at = (): FaultyGitea => {
    if (world.now === null) throw new Error('the forge is not started yet')
    return world.now
  }
  beforeAll(async () => {
    const sandbox = await startTestGitea({ pageLimit: 2 })
    const proxy = await startFaultyForge(sandbox.url)
    world.now = { sandbox, proxy, gitea: createTestGitea(proxy.url) }
  })
  beforeEach(() => {
    const { sandbox, proxy } = at()
    proxy.heal()
    fill(sandbox)
    world.now = { sandbox, proxy, gitea: createTestGitea(proxy.url, { timeoutMs: 200 }) }
  })
  afterAll(async () => {
    const { sandbox, proxy } = at()
    await proxy.close()
    await sandbox.close()
    failOnUnknown(sandbox)
  })
  return at
}

function fill({ deeds, state }: SandboxForge): void {
  const [bot, dev] = state.users as [SandboxUser, SandboxUser]
  state.repositories.length = 0
  const shop = deeds.createRepository(repository)
  for (let n = 1; n <= 5; n++)
    deeds.openMergeRequest(repository, { branch: `branch-${n}`, author: dev, ...(n === 1 ? { sha } : {}) })
  for (let n = 1; n <= 4; n++) deeds.comment(repository, 1, dev, `talk ${n}`)
  deeds.comment(repository, 1, bot, `${marker}\nold`)
  for (let id = 1; id <= 5; id++)
    shop.statuses.push({ id, sha, context: `ci/${id}`, state: 'success', description: '', targetUrl: '' })
}
