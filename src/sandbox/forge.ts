import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import { answer } from './forge/answer.ts'
import type { CheckEvent, ForgeEvent } from './forge/forge-event.ts'
import type { ForgeActions, ActionContext } from './forge/actions.ts'
import type { ForgeDialect } from './forge/dialect.ts'
import {
  type ForgeState,
  type SandboxUser,
  emptyRepository,
  mergeRequestByNumber,
  repositoryNamed,
} from './forge/state.ts'
import { createWebhookSender, type WebhookSender, type WebhookTarget } from './forge/webhooks.ts'
import { checkActions } from './forge/check-actions.ts'
import { commentActions } from './forge/comment-actions.ts'
import { reactionActions } from './forge/reaction-actions.ts'
import { pullActions } from './forge/pull-actions.ts'

export interface SandboxForgeOptions {
  /** Whose API and webhooks it speaks, for example `giteaDialect(...)`. */
  readonly dialect: ForgeDialect
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Who may use it; the first is Mayfly by custom. */
  readonly users: readonly {
    readonly login: string
    readonly fullName: string
    readonly token: string
    /** Absent: a person. */
    readonly kind?: SandboxUser['kind']
  }[]
  /** Where events go at first; null: nowhere, until `webhooks.deliverTo`. */
  readonly webhook: WebhookTarget | null
  readonly clock: Clock
  readonly log: Log
  /** Most items of a page. */
  readonly pageLimit: number
  /** The address the forge believes it has (`ROOT_URL` of Gitea); null: the one it listens on. */
  readonly rootUrl: string | null
}

/** A forge in memory that speaks the part of a real one's REST API and webhooks that Mayfly uses. */
export interface SandboxForge {
  /** Without a trailing slash. */
  readonly url: string
  /** Where its API begins. */
  readonly api: string
  /** All it knows, to look at and to arrange what no deed does. */
  readonly state: ForgeState
  /** What people do. */
  readonly actions: ForgeActions
  readonly webhooks: WebhookSender
  /** Requests that no route answered, for example `GET /api/v1/version`. */
  readonly unknownRequests: readonly string[]
  /** See `Dialect.problems`. */
  readonly problems: readonly string[]
  close(): Promise<void>
}

/** Starts the embedded forge. Its state ends with it. */
export async function startSandboxForge(options: SandboxForgeOptions): Promise<SandboxForge> {
  const state: ForgeState = { users: usersOf(options), repositories: [], nextId: 1 }
  const { dialect, clock, log } = options
  const { headers } = dialect.webhooks
  const webhooks = createWebhookSender({ target: options.webhook, headers, clock, log })
  const unknownRequests: string[] = []
  const server = createServer()
  const url = await listen(server, options)
  const rootUrl = () => options.rootUrl ?? url
  const emit = (event: ForgeEvent | CheckEvent) => {
    for (const message of dialect.webhooks.messages(event, { url: rootUrl() })) webhooks.send(message)
  }
  const actions = createActions({ state, drafts: dialect.drafts, emit })
  const context = {
    ...options,
    state,
    actions,
    url: rootUrl,
    onUnknown: (line: string) => unknownRequests.push(line),
  }
  server.on('request', (request, response) => {
    answer(context, request, response).catch((error: unknown) => {
      options.log.error({ error }, 'the sandbox forge failed to answer')
      response.destroy()
    })
  })
  return {
    url,
    api: `${url}${dialect.base}`,
    state,
    actions,
    webhooks,
    unknownRequests,
    problems: dialect.problems,
    async close() {
      await webhooks.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function usersOf(options: SandboxForgeOptions): readonly SandboxUser[] {
  return options.users.map((user, index) => ({ id: index + 1, kind: 'user', ...user }))
}

async function listen(server: Server, { host, port }: SandboxForgeOptions): Promise<string> {
  server.listen(port, host)
  await once(server, 'listening')
  return `http://${host}:${(server.address() as AddressInfo).port}`
}

/** Changes the state, then tells of it. */
function createActions(context: ActionContext): ForgeActions {
  return {
    ...repositoryDeeds(context),
    ...pullActions(context),
    ...commentActions(context),
    ...checkActions(context),
    ...reactionActions(context),
  }
}

function repositoryDeeds({
  state,
}: ActionContext): Pick<
  ForgeActions,
  'createRepository' | 'renameRepository' | 'renameBranch' | 'grant' | 'permit'
> {
  return {
    createRepository(fullName) {
      const repository = emptyRepository(state.nextId++, fullName)
      state.repositories.push(repository)
      return repository
    },
    renameRepository(name, fullName) {
      const repository = repositoryNamed(state, name)
      repository.formerNames.push(repository.fullName)
      repository.fullName = fullName
    },
    renameBranch(name, number, branch) {
      mergeRequestByNumber(repositoryNamed(state, name), number).branch = branch
    },
    grant(name, login, rights) {
      repositoryNamed(state, name).rights.set(login, rights)
    },
    permit(name, login, permission) {
      repositoryNamed(state, name).permissions.set(login.toLowerCase(), permission)
    },
  }
}
