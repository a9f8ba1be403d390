import { z } from 'zod'

/**
 * Only the fields that are used; what GitLab may leave empty may be null or absent here. What decides whether there is a preview may
 * not: without it an answer is odd, and decides nothing (law 3).
 */
const id = z.number().int().positive()
const fullPath = z.string().regex(/^[^/\s]+(?:\/[^/\s]+)+$/)

export const GitlabUser = z.object({
  id,
  username: z.string().min(1),
  name: z.string().nullish(),
  /** Not in every place where a user is shown. */
  bot: z.boolean().nullish(),
})
export type GitlabUser = z.infer<typeof GitlabUser>

export const GitlabProject = z.object({
  id,
  path_with_namespace: fullPath,
  visibility: z.string().nullish(),
})
export type GitlabProject = z.infer<typeof GitlabProject>

export const GitlabMergeRequest = z.object({
  created_at: z.string().nullish(),
  iid: id,
  project_id: id,
  title: z.string(),
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  /** Null for a fork that is gone. */
  source_project_id: id.nullable(),
  target_project_id: id,
  source_branch: z.string(),
  target_branch: z.string().min(1),
  sha: z.string().nullish(),
  author: GitlabUser.nullish(),
  labels: z.array(z.string()),
  draft: z.boolean().nullish(),
  /** What `draft` was called before GitLab 14. */
  work_in_progress: z.boolean().nullish(),
  discussion_locked: z.boolean().nullish(),
  /** Today's path, then `!` and the number. */
  references: z.object({ full: z.string() }),
  changes_count: z.string().nullish(),
  diff_refs: z.object({ head_sha: z.string().nullish() }).nullish(),
})
export type GitlabMergeRequest = z.infer<typeof GitlabMergeRequest>

export const GitlabOpenMergeRequests = z.array(z.object({ iid: id, state: z.literal('opened') }))

export const GitlabDiff = z.object({
  new_path: z.string().min(1),
  old_path: z.string().min(1),
  deleted_file: z.boolean().nullish(),
})
export type GitlabDiff = z.infer<typeof GitlabDiff>

export const GitlabNote = z.object({
  id,
  body: z.string().nullish(),
  system: z.boolean().nullish(),
  author: z.object({ username: z.string() }).nullish(),
})
export type GitlabNote = z.infer<typeof GitlabNote>

export const GitlabStatus = z.object({
  id,
  status: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
})
export type GitlabStatus = z.infer<typeof GitlabStatus>
