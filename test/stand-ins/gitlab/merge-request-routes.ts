import type { ForgeReply, ForgeRequest } from '../../../src/sandbox/forge/route.ts'
import { type GitlabContext, type GitlabRoute, withMergeRequest } from './gitlab-route.ts'
import { basicPayload, diffPayload, fullPayload, simplePayload, stateOf } from './merge-request-payloads.ts'
import { paged } from './paged.ts'
import { pagination } from './parameters.ts'
import { forbidden } from './refusals.ts'

const all = '/projects/:id/merge_requests'

export const mergeRequestRoutes: readonly GitlabRoute[] = [
  {
    method: 'GET',
    path: all,
    parameters: {
      query: {
        ...pagination,
        state: ['opened', 'closed', 'locked', 'merged', 'all'],
        view: ['simple'],
        order_by: ['created_at', 'updated_at', 'title', 'merged_at'],
        sort: ['asc', 'desc'],
      },
      body: {},
      required: [],
    },
    handle: list,
  },
  {
    method: 'GET',
    path: `${all}/:iid`,
    parameters: {
      query: {
        include_diverged_commits_count: 'flag',
        include_rebase_in_progress: 'flag',
        render_html: 'flag',
      },
      body: {},
      required: [],
    },
    handle: withMergeRequest(({ repository, url }, mergeRequest, { preparing }) => ({
      status: 200,
      body: fullPayload(repository, mergeRequest, { url, preparing: preparing.has(mergeRequest.number) }),
    })),
  },
  {
    method: 'GET',
    path: `${all}/:iid/diffs`,
    parameters: { query: { ...pagination, unidiff: 'flag' }, body: {}, required: [] },
    handle: withMergeRequest((request, { number, files }, context) =>
      paged(request, context, context.preparing.has(number) ? [] : files, diffPayload),
    ),
  },
]

/** The newest first, unless asked otherwise. Switched off, it is forbidden to list what cannot be found. */
function list(request: ForgeRequest, context: GitlabContext): ForgeReply {
  const { repository, query, url } = request
  if (!repository.mergeRequestsEnabled) return forbidden
  const state = query.get('state') ?? 'all'
  const wanted = repository.mergeRequests
    .filter((mergeRequest) => state === 'all' || stateOf(mergeRequest) === state)
    .toSorted((one, other) => one.number - other.number)
  const payloadOf = query.get('view') === 'simple' ? simplePayload : basicPayload
  return paged(request, context, query.get('sort') === 'asc' ? wanted : wanted.toReversed(), (mergeRequest) =>
    payloadOf(repository, mergeRequest, url),
  )
}
