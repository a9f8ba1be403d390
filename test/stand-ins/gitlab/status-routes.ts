import { type ForgeReply, type ForgeRequest, bodyText } from '../../../src/sandbox/forge/route.ts'
import {
  hasCommit,
  may,
  type SandboxMergeRequest,
  type SandboxRepository,
  type SandboxStatus,
} from '../../../src/sandbox/forge/state.ts'
import {
  askable,
  type JobState,
  jobStateOf,
  stateOfJob,
  statusesOf,
  transitionRefusal,
} from './commit-statuses.ts'
import type { GitlabContext, GitlabRoute } from './gitlab-route.ts'
import { paged } from './paged.ts'
import { pagination } from './parameters.ts'
import { pipelineIdOf } from './pipeline-routes.ts'
import { forbidden, refused } from './refusals.ts'
import { timeOf } from './times.ts'
import { userPayload } from './user-payloads.ts'

const mostCharacters = 255

/** https://docs.gitlab.com/api/commits/#list-commit-statuses */
export const statusRoutes: readonly GitlabRoute[] = [
  {
    method: 'GET',
    path: '/projects/:id/repository/commits/:sha/statuses',
    parameters: {
      query: {
        ...pagination,
        ref: 'text',
        stage: 'text',
        name: 'text',
        all: 'flag',
        pipeline_id: 'number',
        order_by: ['id', 'pipeline_id'],
        sort: ['asc', 'desc'],
      },
      body: {},
      required: [],
    },
    handle: list,
  },
  {
    method: 'POST',
    path: '/projects/:id/statuses/:sha',
    parameters: {
      query: {},
      body: {
        state: askable,
        ref: 'text',
        name: 'text',
        context: 'text',
        target_url: 'text',
        description: 'text',
        pipeline_id: 'number',
      },
      required: ['state'],
    },
    handle: create,
  },
]

/** Of several of one name the newest, unless asked for all. */
function list(request: ForgeRequest, context: GitlabContext): ForgeReply {
  const { repository, parts, query } = request
  const sha = parts['sha'] ?? ''
  if (!hasCommit(repository, sha)) return refused(404, '404 Commit Not Found')
  const name = query.get('name')
  const named = statusesOf(repository, sha).filter((status) => name === null || status.context === name)
  const wanted = query.get('all') === 'true' ? named : named.filter((status) => isLatest(named, status))
  return paged(request, context, wanted, (status) => statusPayload(request, status, context))
}

function isLatest(all: readonly SandboxStatus[], { id, context }: SandboxStatus): boolean {
  return all.every((other) => other.context !== context || other.id <= id)
}

/** One of the same name that is not done is changed, else there is a new one. */
function create(request: ForgeRequest, context: GitlabContext): ForgeReply {
  const { repository, parts, user } = request
  const sha = parts['sha'] ?? ''
  if (context.strangers.includes(user.login) || !may(repository, user, 'status')) return forbidden
  if (!hasCommit(repository, sha)) return refused(404, '404 Commit Not Found')
  const known = statusesOf(repository, sha)
  if (known.length === 0 && refOf(repository, sha) === null)
    return refused(404, '404 References for commit Not Found')
  const name = bodyText(request, 'name') ?? bodyText(request, 'context') ?? 'default'
  const open = known.findLast((status) => status.context === name && status.state === 'pending') ?? null
  const state = bodyText(request, 'state') ?? ''
  const before: JobState = open === null ? 'created' : jobStateOf(open, context.running)
  const wrong = fieldErrors(request)
  if (wrong !== null) return refused(400, wrong)
  const refusal = transitionRefusal(before, state)
  if (refusal !== null) return refused(400, refusal)
  const status: SandboxStatus = {
    id: open?.id ?? repository.statuses.length + 1,
    sha,
    context: name,
    state: stateOfJob(state),
    // What is blank is not written: an address, once there, cannot be taken away.
    description: given(request, 'description') ?? open?.description ?? '',
    targetUrl: given(request, 'target_url') ?? open?.targetUrl ?? '',
  }
  repository.statuses.push(status)
  if (state === 'running') context.running.add(status.id)
  return { status: 201, body: statusPayload(request, status, context) }
}

function given(request: ForgeRequest, field: string): string | null {
  const text = bodyText(request, field)?.trim() ?? ''
  return text === '' ? null : text
}

function fieldErrors(request: ForgeRequest): object | null {
  const errors: Record<string, readonly string[]> = {}
  for (const field of ['description', 'target_url'])
    if ((bodyText(request, field) ?? '').length > mostCharacters)
      errors[field] = [`is too long (maximum is ${mostCharacters} characters)`]
  const target = given(request, 'target_url')
  if (target !== null && !/^https?:\/\//.test(target))
    errors['target_url'] = ['is blocked: Only allowed schemes are http, https']
  return Object.keys(errors).length === 0 ? null : errors
}

/** A branch that holds the commit; null: none does, as with a fork's, or once the branch is gone without a merge. */
function refOf({ mergeRequests }: SandboxRepository, sha: string): string | null {
  const holds = ({ commits }: SandboxMergeRequest) => commits.some((commit) => commit === sha)
  const merged = mergeRequests.find((mergeRequest) => mergeRequest.state === 'merged' && holds(mergeRequest))
  if (merged !== undefined) return merged.targetBranch
  const here = mergeRequests.find(
    (mergeRequest) =>
      holds(mergeRequest) && mergeRequest.source === 'same repository' && !mergeRequest.branchDeleted,
  )
  return here?.branch ?? null
}

/** `API_Entities_CommitStatus`. */
function statusPayload(
  { repository, user, url }: ForgeRequest,
  status: SandboxStatus,
  { running }: GitlabContext,
): object {
  const state = jobStateOf(status, running)
  return {
    id: status.id,
    sha: status.sha,
    ref: refOf(repository, status.sha),
    status: state,
    name: status.context,
    target_url: status.targetUrl === '' ? null : status.targetUrl,
    description: status.description === '' ? null : status.description,
    created_at: timeOf(status.id),
    started_at: state === 'running' ? timeOf(status.id) : null,
    finished_at: state === 'success' || state === 'failed' ? timeOf(status.id) : null,
    allow_failure: status.allowFailure === true,
    coverage: null,
    pipeline_id: pipelineIdOf(repository, status.sha),
    author: userPayload(user, url),
  }
}
