import { type ForgeReply, type ForgeRequest, bodyText } from '../../../src/sandbox/forge/route.ts'
import { hasCommit } from '../../../src/sandbox/forge/state.ts'
import type { GithubPlace, GithubRoute } from './github-route.ts'
import { paged } from './paged.ts'
import { invalid, notFound, refused } from './refusals.ts'
import { statusPayload } from './status-payload.ts'

/**
 * What the list of statuses of a commit that the repository does not have is. The description of the API knows 200 and
 * 301 alone, so an empty list is what is told by default; a name that is no commit id is not found. To set one is
 * `422 No commit found for SHA: ...`, as many public bug reports show.
 */
export type UnknownCommit = 'empty list' | 'not found'

const states = ['error', 'failure', 'pending', 'success']
const mostDescription = 140
/** Of one commit and context. */
const mostStatuses = 1000

export function statusRoutes(unknownCommit: UnknownCommit): readonly GithubRoute[] {
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/commits/:ref/statuses',
      needs: ['statuses=read'],
      handle: (request, at) => list(request, at, unknownCommit),
    },
    { method: 'POST', path: '/repos/:owner/:repo/statuses/:sha', needs: ['statuses=write'], handle: create },
  ]
}

/** The newest first. */
function list(request: ForgeRequest, at: GithubPlace, unknownCommit: UnknownCommit): ForgeReply {
  const { repository, parts } = request
  const sha = parts['ref'] ?? ''
  const isKnown = hasCommit(repository, sha)
  if (!isKnown && (unknownCommit === 'not found' || !/^[0-9a-f]{40}$/.test(sha))) return notFound
  const statuses = repository.statuses.filter((status) => status.sha === sha).toReversed()
  return paged(request, at.asked, statuses, (status) => statusPayload(repository, status, at))
}

function create(request: ForgeRequest, at: GithubPlace): ForgeReply {
  const { repository, parts } = request
  const sha = parts['sha'] ?? ''
  if (!hasCommit(repository, sha)) return refused(422, `No commit found for SHA: ${sha}`)
  const status = {
    id: repository.statuses.length + 1,
    sha,
    context: bodyText(request, 'context') ?? 'default',
    state: bodyText(request, 'state') ?? '',
    description: bodyText(request, 'description') ?? '',
    targetUrl: bodyText(request, 'target_url') ?? '',
  }
  const wrong = wrongField(status)
  if (wrong !== null) return invalid({ resource: 'Status', code: 'custom', ...wrong })
  const same = repository.statuses.filter((other) => other.sha === sha && other.context === status.context)
  if (same.length >= mostStatuses)
    return invalid({
      resource: 'Status',
      code: 'custom',
      field: 'base',
      message: 'This SHA and context has reached the maximum number of statuses.',
    })
  repository.statuses.push(status)
  return { status: 201, body: statusPayload(repository, status, at) }
}

function wrongField(status: {
  readonly state: string
  readonly description: string
  readonly targetUrl: string
}): { readonly field: string; readonly message: string } | null {
  if (!states.includes(status.state)) return { field: 'state', message: 'state is not included in the list' }
  if ([...status.description].length > mostDescription)
    return {
      field: 'description',
      message: `description is too long (maximum is ${mostDescription} characters)`,
    }
  if (status.targetUrl !== '' && !/^https?:\/\//.test(status.targetUrl))
    return { field: 'target_url', message: 'target_url must use http(s) scheme' }
  return null
}
