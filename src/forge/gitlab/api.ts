import { fixedCredentials, type RefusedAnswer } from '../http/call.ts'
import { createForgeHttp } from '../http/create-forge-http.ts'
import { nothingKnown } from '../http/known-answers.ts'
import type { Forge } from '../port.ts'
import { createRestForge } from '../rest/create-rest-forge.ts'
import type { ForgeOptions } from '../rest/forge-options.ts'
import { gitlabCalls } from './calls.ts'
import { followMoves } from './follow-moves.ts'

/**
 * gitlab.com or a GitLab of one's own, with a personal, project or group access token. Repositories are written
 * `group/project`, with every subgroup, or as the number of the project.
 */
export function createGitlabForge(options: ForgeOptions & { readonly token: () => Promise<string> }): Forge {
  const calls = gitlabCalls(options.url)
  const http = createForgeHttp({
    ...options,
    credentials: fixedCredentials('Bearer', options.token),
    headers: {},
    // A 304 of GitLab costs it, and the rate limit, as much as the answer.
    known: nothingKnown,
  })
  return createRestForge({
    name: options.name,
    http: followMoves(http, calls.repository),
    calls,
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
  })
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
