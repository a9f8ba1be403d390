import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { MergeRequestReading, Repository } from '../../preview/merge-request.ts'
import { allPages } from '../http/all-pages.ts'
import type { ForgeCallReport, ForgeHttp } from '../http/call.ts'
import { createForgeHttp } from '../http/create-forge-http.ts'
import type { Forge, OpenMergeRequests } from '../port.ts'
import { publishComment } from './publish-comment.ts'
import { publishStatus } from './publish-status.ts'
import { giteaCalls } from './gitea-calls.ts'
import type { GiteaContext } from './gitea-context.ts'
import { giteaPaging } from './gitea-paging.ts'
import { listChangedFiles } from './list-changed-files.ts'
import { mergeRequestOf, repositoryOf } from './map.ts'

export interface GiteaForgeOptions {
  /** The forge's name in the configuration. */
  readonly name: string
  /** Where people see it, without a trailing slash. */
  readonly url: string
  /** Base of the REST API, without a trailing slash. */
  readonly api: string
  /** Asked before every call, so that a rotated token is used at once. */
  readonly token: () => Promise<string>
  readonly userAgent: string
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly clock: Clock
  readonly log: Log
  /** Told of every call, for metrics. */
  readonly onCall: (report: ForgeCallReport) => void
}

/** A Gitea or a Forgejo: two dialects of one API. Repositories are written `owner/name`. */
export function createGiteaForge(options: GiteaForgeOptions): Forge {
  const http = createForgeHttp({
    ...options,
    authorization: async () => `token ${await options.token()}`,
  })
  const context: GiteaContext = { name: options.name, http, login: onceLogin(http) }
  return {
    readMergeRequest: (repository, number) => readMergeRequest(context, options.url, repository, number),
    listOpenMergeRequests: (repository) => listOpenMergeRequests(context, options.url, repository),
    listChangedFiles: (repository, number) => listChangedFiles(context, repository, number),
    publishComment: (target, comment) => publishComment(context, target, comment),
    publishStatus: (repository, sha, status) => publishStatus(context, repository, sha, status),
  }
}

async function readMergeRequest(
  context: GiteaContext,
  url: string,
  name: string,
  number: number,
): Promise<MergeRequestReading> {
  const answer = await context.http.ask(giteaCalls.pull(name, number))
  if (answer.kind === 'status') return { kind: 'gone', repository: await witness(context, url, name, number) }
  if (answer.value.number !== number)
    throw new RetryLater(
      `${context.name} answered with merge request ${answer.value.number} when asked for ${number} of ${name}`,
    )
  return { kind: 'found', mergeRequest: mergeRequestOf(answer.value, url) }
}

/**
 * Proof that a 404 on one merge request is about that merge request. The repository alone is no witness: Gitea answers 404
 * for every merge request when they are switched off or hidden from this token, but then their list is refused as well.
 */
async function witness(
  context: GiteaContext,
  url: string,
  name: string,
  number: number,
): Promise<Repository> {
  const { repository, numbers } = await listOpenMergeRequests(context, url, name)
  if (!numbers.includes(number)) return repository
  throw new RetryLater(
    `${context.name} lists merge request ${number} of ${name} as open, yet does not find it`,
  )
}

async function listOpenMergeRequests(
  context: GiteaContext,
  url: string,
  name: string,
): Promise<OpenMergeRequests> {
  const repository = await readRepository(context, url, name)
  const pulls = await allPages(
    context.http,
    giteaCalls.openPulls(name),
    giteaPaging((pull) => pull.number),
  )
  if (pulls.kind === 'status') throw pulls.error
  return { repository, numbers: pulls.value.map((pull) => pull.number) }
}

async function readRepository(context: GiteaContext, url: string, name: string): Promise<Repository> {
  const answer = await context.http.ask(giteaCalls.repository(name))
  if (answer.kind === 'status') throw answer.error
  return repositoryOf(answer.value, url)
}

function onceLogin(http: ForgeHttp): () => Promise<string> {
  let login: string | null = null
  return async () => {
    if (login !== null) return login
    const answer = await http.ask(giteaCalls.me())
    if (answer.kind === 'status') throw answer.error
    login = answer.value.login
    return login
  }
}
