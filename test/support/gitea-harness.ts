import type { ForgeCallReport } from '../../src/forge/http/call.ts'
import { createGiteaForge } from '../../src/forge/gitea/api.ts'
import { systemClock } from '../../src/clock.ts'
import type { Forge } from '../../src/forge/port.ts'
import { type SandboxForge, type SandboxForgeOptions, startSandboxForge } from '../../src/sandbox/forge.ts'
import { giteaDialect } from '../../src/sandbox/forge/gitea/dialect.ts'
import { mergeRequestOf, type SandboxMergeRequest, type SandboxUser } from '../../src/sandbox/forge/state.ts'
import type { ForgeHarness } from '../contract/forge.ts'
import { type CapturedLog, createCapturedLog } from './captured-log.ts'

export const sandboxToken = 'canary-token-of-the-bot-8c1f'

const users = [
  { login: 'mayfly-bot', fullName: 'Mayfly', token: sandboxToken },
  { login: 'dev', fullName: 'A developer', token: 'token-of-dev' },
]

export interface TestForgeOptions extends Partial<SandboxForgeOptions> {
  /** Whether the list of comments has pages; Gitea 1.26 gives all at once. */
  readonly pagedComments?: boolean
}

/** The embedded forge with the repository `acme/shop`, small pages and no webhooks. */
export async function startTestForge({
  pagedComments = true,
  ...options
}: TestForgeOptions = {}): Promise<SandboxForge> {
  const sandbox = await startSandboxForge({
    dialect: giteaDialect({ pagedComments }),
    host: '127.0.0.1',
    port: 0,
    users,
    webhook: null,
    clock: systemClock,
    log: createCapturedLog(),
    pageLimit: 3,
    rootUrl: 'https://git.acme.example',
    ...options,
  })
  sandbox.deeds.createRepository('acme/shop')
  return sandbox
}

export interface TestGitea {
  readonly forge: Forge
  readonly log: CapturedLog
  readonly calls: readonly ForgeCallReport[]
}

/** The adapter, asking whatever answers at `url`. */
export function createTestGitea(url: string, { timeoutMs = 5_000, token = sandboxToken } = {}): TestGitea {
  const log = createCapturedLog()
  const calls: ForgeCallReport[] = []
  const forge = createGiteaForge({
    name: 'acme-git',
    url,
    api: `${url}/api/v1`,
    token: () => Promise.resolve(token),
    userAgent: 'mayfly-test',
    timeoutMs,
    maxBytes: 1024 * 1024,
    clock: systemClock,
    log,
    onCall: (report) => calls.push(report),
  })
  return { forge, log, calls }
}

/** The contract's hands on the embedded forge. */
export async function createGiteaHarness(options: TestForgeOptions = {}): Promise<ForgeHarness> {
  const sandbox = await startTestForge(options)
  const { deeds } = sandbox
  const [bot, dev] = sandbox.state.users as [SandboxUser, SandboxUser]
  const repository = 'acme/shop'
  const pull = (number: number): SandboxMergeRequest => mergeRequestOf(onlyRepository(sandbox), number)
  return {
    forge: createTestGitea(sandbox.url).forge,
    repository,
    openMergeRequest: async (wish) => deeds.openMergeRequest(repository, { ...wish, author: dev }).number,
    push: async (number) => deeds.push(repository, number),
    close: async (number) => {
      deeds.setState(repository, number, 'closed')
    },
    reopen: async (number) => {
      deeds.setState(repository, number, 'open')
    },
    merge: async (number) => {
      deeds.setState(repository, number, 'merged')
    },
    label: async (number, labels) => {
      deeds.label(repository, number, labels)
    },
    retarget: async (number, targetBranch) => {
      deeds.edit(repository, number, { targetBranch })
    },
    comments: async (number) =>
      pull(number).comments.map(({ id, author, body }) => ({ id, author: author.login, body })),
    commentAsOther: async (number, body) => {
      deeds.comment(repository, number, dev, body)
    },
    commentAsSelf: async (number, body) => {
      deeds.comment(repository, number, bot, body)
    },
    deleteComment: async (_number, id) => {
      deeds.deleteComment(repository, id, dev)
    },
    lock: async (number) => {
      pull(number).locked = true
      return true
    },
    statuses: async (sha) =>
      onlyRepository(sandbox)
        .statuses.filter((status) => status.sha === sha)
        .map(({ context, state, description, targetUrl }) => ({ context, state, description, targetUrl })),
    renameRepository: async () => {
      deeds.renameRepository(repository, 'acme/store')
      return 'acme/store'
    },
    dispose: async () => {
      await sandbox.close()
      failOnUnknown(sandbox)
    },
  }
}

/** A stand-in that was asked something it cannot do must not pass silently. */
export function failOnUnknown({ unknownRequests }: SandboxForge): void {
  if (unknownRequests.length > 0)
    throw new Error(`the embedded forge has no route for: ${unknownRequests.join(', ')}`)
}

function onlyRepository({ state }: SandboxForge): SandboxForge['state']['repositories'][number] {
  const [repository] = state.repositories
  if (repository === undefined) throw new Error('the embedded forge is empty')
  return repository
}
