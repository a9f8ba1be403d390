import {
  fixedCredentials,
  type RefusedAnswer,
  type ForgeAnswer,
  type ForgeCall,
  type ForgeHttp,
} from '../http/call.ts'
import { createForgeHttp } from '../http/create-forge-http.ts'
import { nothingKnown } from '../http/known-answers.ts'
import type { CommitChecks } from '../commit-checks.ts'
import type { Forge } from '../port.ts'
import { createRestChecks } from '../rest/create-rest-checks.ts'
import type { Conversation } from '../conversation.ts'
import type { RestDialect } from '../rest/dialect.ts'
import { createRestConversation } from '../rest/create-rest-conversation.ts'
import { createRestForge } from '../rest/create-rest-forge.ts'
import type { ForgeOptions } from '../rest/forge-options.ts'
import { gitlabCalls } from './calls.ts'
import { gitlabChecks } from './checks.ts'
import { gitlabConversation } from './conversation.ts'
import type { Repository } from '../../preview/merge-request.ts'

const notAllowed = 405

/**
 * gitlab.com or a GitLab of one's own, with a personal, project or group access token. Repositories are written
 * `group/project`, with every subgroup, or as the number of the project.
 */
export function createGitlabForge(
  options: ForgeOptions & { readonly token: () => Promise<string> },
): Forge & CommitChecks & Conversation {
  const calls = gitlabCalls(options.url)
  const http = createForgeHttp({
    ...options,
    credentials: fixedCredentials('Bearer', options.token),
    headers: {},
    // A 304 of GitLab costs it, and the rate limit, as much as the answer.
    known: nothingKnown,
  })
  const dialect: RestDialect = {
    name: options.name,
    http: followMoves(http, calls.repository),
    calls,
    checks: gitlabChecks,
    conversation: gitlabConversation(options.clock),
    paging: (idOf, list) => ({
      // Files come with their diffs: a hundred of them may be more than Mayfly reads of one answer.
      limit: { parameter: 'per_page', size: list === 'changed files' ? 30 : 100 },
      // Its number of comments counts those that are hidden from us as well.
      counting: {
        kind: 'next-page',
        header: 'x-next-page',
        count: list === 'comments' ? null : 'x-total',
      },
      idOf,
      maxPages: 500,
    }),
    // The most that an instance can be set to keep of one merge request.
    mostFiles: 3000,
    readRefusedStatus,
  }
  return {
    ...createRestForge(dialect),
    ...createRestChecks(dialect),
    ...createRestConversation(dialect),
  }
}

/**
 * Two say the same at once, or one that runs got new words; the commit is gone, or is in no branch here (a fork's, or
 * squashed away).
 */
function readRefusedStatus({ status, said }: RefusedAnswer): 'unchanged' | 'skipped' | null {
  if (status === 400 && /^Cannot transition status via/i.test(said)) return 'unchanged'
  if (status === 404 && /^404 (?:Commit|References for commit) Not Found/i.test(said)) return 'skipped'
  return null
}

/**
 * Under a former path GitLab redirects who reads, and refuses who writes with a 405 that names no new place
 * (https://docs.gitlab.com/api/rest/#redirects). Then the project is read, and the write goes to its number.
 */
function followMoves(http: ForgeHttp, project: (path: string) => ForgeCall<Repository>): ForgeHttp {
  return {
    async ask<T>(call: ForgeCall<T>): Promise<ForgeAnswer<T>> {
      if (call.method === 'GET') return http.ask(call)
      const answer = await http.ask({ ...call, expected: [...(call.expected ?? []), notAllowed] })
      if (answer.kind === 'value' || answer.status !== notAllowed) return answer
      const [projects = '', asked = '', ...rest] = call.path
      const found = await http.ask(project(asked))
      if (found.kind === 'status') throw found.error
      const { id, fullName } = found.value
      // Not moved: refused for another reason.
      if (asked === id || asked.toLowerCase() === fullName.toLowerCase()) throw answer.error
      return http.ask({ ...call, path: [projects, id, ...rest] })
    },
  }
}
