import {
  headOf,
  type SandboxFile,
  type SandboxMergeRequest,
  type SandboxRepository,
} from '../../../src/sandbox/forge/state.ts'
import { timeOf } from './times.ts'
import { userPayload } from './user-payloads.ts'

/** What GitLab writes when it marks a draft, and what it takes for one (lib/gitlab/regex.rb, `merge_request_draft`). */
export const draftPrefix = 'Draft: '
const draftTitle = /^\s*(?:\[draft\]|\(draft\)|draft:)/i

/** The most files it keeps of one merge request unless it is set otherwise. */
const mostFiles = 1000

export function isDraft({ title }: SandboxMergeRequest): boolean {
  return draftTitle.test(title)
}

export function stateOf({ state }: SandboxMergeRequest): string {
  return state === 'open' ? 'opened' : state
}

export function idOf(repository: SandboxRepository, { number }: SandboxMergeRequest): number {
  return repository.id * 1_000_000 + number
}

/** Null: the fork is gone. */
export function sourceProjectOf(
  repository: SandboxRepository,
  { source }: SandboxMergeRequest,
): number | null {
  if (source === 'same repository') return repository.id
  return source === 'deleted fork' ? null : repository.id + 500_000
}

/** `API_Entities_MergeRequestSimple`. */
export function simplePayload(
  repository: SandboxRepository,
  mergeRequest: SandboxMergeRequest,
  url: string,
): object {
  const { number } = mergeRequest
  return {
    id: idOf(repository, mergeRequest),
    iid: number,
    project_id: repository.id,
    title: mergeRequest.title,
    description: mergeRequest.body,
    state: stateOf(mergeRequest),
    created_at: timeOf(number),
    updated_at: timeOf(number),
    web_url: `${url}/${repository.fullName}/-/merge_requests/${number}`,
  }
}

/** `API_Entities_MergeRequestBasic`. */
export function basicPayload(
  repository: SandboxRepository,
  mergeRequest: SandboxMergeRequest,
  url: string,
): object {
  const { number } = mergeRequest
  const source = sourceProjectOf(repository, mergeRequest)
  const author = userPayload(mergeRequest.author, url)
  const isMerged = mergeRequest.state === 'merged'
  const isClosed = mergeRequest.state === 'closed'
  return {
    ...simplePayload(repository, mergeRequest, url),
    merged_by: isMerged ? author : null,
    merge_user: isMerged ? author : null,
    merged_at: isMerged ? timeOf(number) : null,
    closed_by: isClosed ? author : null,
    closed_at: isClosed ? timeOf(number) : null,
    target_branch: mergeRequest.targetBranch,
    source_branch: mergeRequest.branch,
    user_notes_count: mergeRequest.comments.length,
    upvotes: 0,
    downvotes: 0,
    author,
    assignees: [],
    assignee: null,
    reviewers: [],
    source_project_id: source,
    target_project_id: repository.id,
    labels: mergeRequest.labels.toSorted(),
    draft: isDraft(mergeRequest),
    imported: false,
    imported_from: 'none',
    work_in_progress: isDraft(mergeRequest),
    milestone: null,
    merge_when_pipeline_succeeds: false,
    merge_status: 'can_be_merged',
    detailed_merge_status: 'mergeable',
    merge_after: null,
    sha: headOf(mergeRequest),
    merge_commit_sha: isMerged ? 'f'.repeat(40) : null,
    squash_commit_sha: null,
    discussion_locked: mergeRequest.locked ? true : null,
    should_remove_source_branch: null,
    force_remove_source_branch: false,
    prepared_at: timeOf(number),
    ...(source === repository.id ? {} : { allow_collaboration: false, allow_maintainer_to_push: false }),
    reference: `!${number}`,
    references: { short: `!${number}`, relative: `!${number}`, full: `${repository.fullName}!${number}` },
    time_stats: {
      time_estimate: 0,
      total_time_spent: 0,
      human_time_estimate: null,
      human_total_time_spent: null,
    },
    squash: false,
    squash_on_merge: false,
    task_completion_status: { count: 0, completed_count: 0 },
    has_conflicts: false,
    blocking_discussions_resolved: true,
  }
}

/** `API_Entities_MergeRequest`: one that is asked for by itself. Its diff is made in the background. */
export function fullPayload(
  repository: SandboxRepository,
  mergeRequest: SandboxMergeRequest,
  { url, preparing }: { readonly url: string; readonly preparing: boolean },
): object {
  const base_sha = 'b'.repeat(40)
  const refs = { base_sha, head_sha: headOf(mergeRequest), start_sha: base_sha }
  return {
    ...basicPayload(repository, mergeRequest, url),
    subscribed: false,
    changes_count: preparing ? null : countOf(mergeRequest.files.length),
    latest_build_started_at: null,
    latest_build_finished_at: null,
    first_deployed_to_production_at: null,
    pipeline: null,
    head_pipeline: null,
    diff_refs: preparing ? null : refs,
    merge_error: null,
    first_contribution: false,
    user: { can_merge: false },
  }
}

/** Text, with a plus where it stopped counting; none at all where no commit is of its own. */
function countOf(files: number): string | null {
  if (files === 0) return null
  return files > mostFiles ? `${mostFiles}+` : String(files)
}

/** `API_Entities_Diff`. */
export function diffPayload({ path, previousPath }: SandboxFile): object {
  return {
    diff: '@@ -1 +1 @@\n-one\n+two\n',
    collapsed: false,
    too_large: false,
    new_path: path,
    old_path: previousPath ?? path,
    a_mode: '100644',
    b_mode: '100644',
    new_file: false,
    renamed_file: previousPath !== null,
    deleted_file: false,
    generated_file: false,
  }
}
