import { afterAll, beforeAll, beforeEach } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { commitSha } from '../../src/preview/brand.ts'
import type { ForgeDialect } from '../../src/sandbox/forge/dialect.ts'
import type { SandboxForge } from '../../src/sandbox/forge.ts'
import { githubDialect, usualGithub } from '../stand-ins/github/dialect.ts'
import { gitlabDialect, usualGitlab } from '../stand-ins/gitlab/dialect.ts'
import { type StandInKind, standInOf } from '../stand-ins/stand-in-of.ts'
import { type FaultyForge, startFaultyForge } from './faulty-forge.ts'
import {
  failOnUnknown,
  startStandIn,
  type TestForge,
  type TestForgeOptions,
  userCalled,
} from './forge-harness.ts'
import { createTestGitea } from './gitea-harness.ts'
import { createTestGithub } from './github-harness.ts'
import { createTestGitlab } from './gitlab-harness.ts'

export const repository = 'acme/shop'
export const marker = '<!-- mayfly:default -->'
/** The head of merge request 1. */
export const sha = commitSha('c0ffee'.padEnd(40, '0'))

/** The adapter, a proxy with faults, and the stand-in behind it. */
export interface TestedForge {
  readonly sandbox: SandboxForge
  readonly proxy: FaultyForge
  readonly tested: TestForge
  /** One more adapter, that does not wait for an answer for long: for what hangs. */
  readonly impatient: (timeoutMs: number) => TestForge
  /** All well, filled anew, and asked by adapters that know nothing yet; `at()` gives them from then on. */
  readonly renew: () => void
}

/**
 * Before every test five open merge requests, the first with five changed files, five comments and five statuses: three
 * pages of each, but of statuses on a GitLab, which gives those of one name only.
 */
export function useTestedForge(kind: StandInKind): () => TestedForge {
  const world: { now: TestedForge | null } = { now: null }
  const at = (): TestedForge => {
    if (world.now === null) throw new Error('the forge is not started yet')
    return world.now
  }
  beforeAll(async () => {
    const sandbox = await startStandInOf(kind)
    const proxy = await startFaultyForge(sandbox.url)
    const renew = () => {
      proxy.heal()
      fill(sandbox)
      world.now = { ...adapted(kind, sandbox, proxy), renew }
    }
    renew()
  })
  beforeEach(() => {
    at().renew()
  })
  afterAll(async () => {
    const { sandbox, proxy } = at()
    await proxy.close()
    await sandbox.close()
    failOnUnknown(sandbox)
  })
  return at
}

function adapted(kind: StandInKind, sandbox: SandboxForge, proxy: FaultyForge): Omit<TestedForge, 'renew'> {
  const impatient = (timeoutMs: number) => adapterOf(kind, proxy.url, { timeoutMs })
  return { sandbox, proxy, tested: adapterOf(kind, proxy.url), impatient }
}

export function adapterOf(kind: StandInKind, url: string, options: TestForgeOptions = {}): TestForge {
  switch (kind) {
    case 'gitea':
      return createTestGitea(url, options)
    case 'github':
      return createTestGithub(url, options)
    case 'gitlab':
      return createTestGitlab(url, options)
  }
}

/** Small pages, no limits, and the repository `acme/shop`. */
function startStandInOf(kind: StandInKind): Promise<SandboxForge> {
  return startStandIn(patientDialectOf(kind), { pageLimit: 2 })
}

/** A forge that does not mind how often it is asked. */
export function patientDialectOf(kind: StandInKind): ForgeDialect {
  const options = { clock: systemClock, rateLimit: 1_000_000 }
  switch (kind) {
    case 'gitea':
      return standInOf(kind, systemClock).dialect
    case 'github':
      return githubDialect({ ...usualGithub, ...options })
    case 'gitlab':
      return gitlabDialect({ ...usualGitlab, ...options })
  }
}

function fill(sandbox: SandboxForge): void {
  const { actions, state } = sandbox
  const bot = userCalled(sandbox, 'mayfly-bot')
  const author = userCalled(sandbox, 'dev')
  state.repositories.length = 0
  const shop = actions.createRepository(repository)
  const files = [1, 2, 3, 4, 5].map((n) => ({ path: `web/${n}.ts`, previousPath: null }))
  actions.openMergeRequest(repository, { branch: 'branch-1', author, sha, files })
  for (let n = 2; n <= 5; n++) actions.openMergeRequest(repository, { branch: `branch-${n}`, author })
  for (let n = 1; n <= 4; n++) actions.comment(repository, 1, author, `talk ${n}`)
  actions.comment(repository, 1, bot, `${marker}\nold`)
  for (let id = 1; id <= 5; id++) {
    const context = id === 5 ? 'mayfly/shop' : `ci/${id}`
    shop.statuses.push({ id, sha, context, state: 'success', description: 'old', targetUrl: '' })
  }
}
