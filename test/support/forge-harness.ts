import { createFetch } from '../../src/network/create-fetch.ts'
import { systemClock } from '../../src/pace/clock.ts'
import type { ForgeCallReport } from '../../src/forge/http/call.ts'
import type { ForgeClient } from '../../src/forge/clients.ts'
import type { Forge } from '../../src/forge/port.ts'
import type { ForgeOptions } from '../../src/forge/rest/forge-options.ts'
import type { ForgeDialect } from '../../src/sandbox/forge/dialect.ts'
import { type SandboxForge, type SandboxForgeOptions, startSandboxForge } from '../../src/sandbox/forge.ts'
import {
  mergeRequestByNumber,
  type SandboxMergeRequest,
  type SandboxRepository,
  type SandboxUser,
} from '../../src/sandbox/forge/state.ts'
import type { ForgeHarness } from '../contract/forge.ts'
import { type CapturedLog, createCapturedLog } from './captured-log.ts'

export const sandboxToken = 'canary-token-of-the-bot-8c1f'

const users = [
  { login: 'mayfly-bot', fullName: 'Mayfly', token: sandboxToken },
  { login: 'dev', fullName: 'A developer', token: 'token-of-dev' },
]

export type StandInOptions = Partial<Omit<SandboxForgeOptions, 'dialect'>>

/** The embedded forge, in whatever dialect, with the repository `acme/shop`, small pages and no webhooks. */
export async function startStandIn(
  dialect: ForgeDialect,
  options: StandInOptions = {},
): Promise<SandboxForge> {
  const sandbox = await startSandboxForge({
    dialect,
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
  sandbox.actions.createRepository('acme/shop')
  return sandbox
}

/** An adapter under test, and what it said to the log and the metrics. */
export interface TestForge {
  readonly forge: ForgeClient
  readonly log: CapturedLog
  readonly calls: readonly ForgeCallReport[]
}

export interface TestForgeOptions {
  readonly timeoutMs?: number
  readonly token?: string
}

/** Makes an adapter that asks whatever answers at `url`. */
export function createTestForge(
  { url, base }: { readonly url: string; readonly base: string },
  { timeoutMs = 5_000 }: TestForgeOptions,
  create: (options: ForgeOptions) => ForgeClient,
): TestForge {
  const log = createCapturedLog()
  const calls: ForgeCallReport[] = []
  const forge = create({
    name: 'acme-git',
    url,
    api: `${url}${base}`,
    userAgent: 'mayfly-test',
    fetch: createFetch({}),
    timeoutMs,
    maxBytes: 1024 * 1024,
    clock: systemClock,
    log,
    onCall: (report) => calls.push(report),
  })
  return { forge, log, calls }
}

export interface HarnessParts {
  readonly sandbox: SandboxForge
  readonly forge: Forge
  /** Under whose name the adapter comments. */
  readonly self: SandboxUser
}

/** The contract's hands on the embedded forge. */
export function createHarness({ sandbox, forge, self }: HarnessParts): ForgeHarness {
  const { actions } = sandbox
  const dev = userCalled(sandbox, 'dev')
  const repository = 'acme/shop'
  const pull = (number: number): SandboxMergeRequest => mergeRequestByNumber(onlyRepository(sandbox), number)
  return {
    forge,
    repository,
    openMergeRequest: async (wish) => actions.openMergeRequest(repository, { ...wish, author: dev }).number,
    push: async (number) => actions.push(repository, number),
    close: async (number) => {
      actions.setState(repository, number, 'closed')
    },
    reopen: async (number) => {
      actions.setState(repository, number, 'open')
    },
    merge: async (number) => {
      actions.setState(repository, number, 'merged')
    },
    label: async (number, labels) => {
      actions.label(repository, number, labels)
    },
    retarget: async (number, targetBranch) => {
      actions.edit(repository, number, { targetBranch })
    },
    comments: async (number) =>
      pull(number).comments.map(({ id, author, body }) => ({ id, author: author.login, body })),
    commentAsOther: async (number, body) => {
      actions.comment(repository, number, dev, body)
    },
    commentAsSelf: async (number, body) => {
      actions.comment(repository, number, self, body)
    },
    deleteComment: async (_number, id) => {
      actions.deleteComment(repository, id, dev)
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
      actions.renameRepository(repository, 'acme/store')
      return 'acme/store'
    },
    dispose: async () => {
      await sandbox.close()
      failOnUnknown(sandbox)
    },
  }
}

/** A stand-in that was asked something it cannot do, or that broke its own rules, must not pass silently. */
export function failOnUnknown({
  unknownRequests,
  problems,
}: Pick<SandboxForge, 'unknownRequests' | 'problems'>): void {
  if (unknownRequests.length > 0)
    throw new Error(`the embedded forge has no route for: ${unknownRequests.join(', ')}`)
  if (problems.length > 0) throw new Error(`the embedded forge found: ${problems.join('\n')}`)
}

export function userCalled({ state }: Pick<SandboxForge, 'state'>, login: string): SandboxUser {
  const found = state.users.find((user) => user.login === login)
  if (found === undefined) throw new Error(`no user ${login}`)
  return found
}

function onlyRepository({ state }: SandboxForge): SandboxRepository {
  const [repository] = state.repositories
  if (repository === undefined) throw new Error('the embedded forge is empty')
  return repository
}
