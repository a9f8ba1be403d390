import { z } from 'zod'

/**
 * Only the fields that are used; what GitHub may leave empty may be null or absent here. What decides whether there is a preview may
 * not: without it an answer is odd, and decides nothing (law 3).
 */
const id = z.number().int().positive()

export const GithubUser = z.object({
  id,
  login: z.string().min(1),
  type: z.string().min(1),
})
export type GithubUser = z.infer<typeof GithubUser>

export const GithubRepository = z.object({
  id,
  full_name: z.string().regex(/^[^/\s]+\/[^/\s]+$/),
  private: z.boolean().nullish(),
})
export type GithubRepository = z.infer<typeof GithubRepository>

export const GithubPullRequest = z.object({
  created_at: z.string().nullish(),
  number: id,
  title: z.string(),
  state: z.enum(['open', 'closed']),
  merged: z.boolean(),
  draft: z.boolean(),
  locked: z.boolean().nullish(),
  changed_files: z.number().int().nonnegative(),
  user: GithubUser.nullish(),
  labels: z.array(z.object({ name: z.string() })),
  base: z.object({ ref: z.string().min(1), repo: GithubRepository }),
  // A fork that was deleted leaves its commits behind, but no repository.
  head: z.object({
    ref: z.string(),
    sha: z.string(),
    repo: z.object({ id, full_name: GithubRepository.shape.full_name.nullish().catch(null) }).nullable(),
  }),
})
export type GithubPullRequest = z.infer<typeof GithubPullRequest>

export const GithubOpenPullRequests = z.array(z.object({ number: id, state: z.literal('open') }))

export const GithubFile = z.object({ filename: z.string().min(1), previous_filename: z.string().nullish() })
export type GithubFile = z.infer<typeof GithubFile>

export const GithubComment = z.object({
  id,
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
})
export type GithubComment = z.infer<typeof GithubComment>

export const GithubStatus = z.object({
  id,
  state: z.string(),
  context: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
})
export type GithubStatus = z.infer<typeof GithubStatus>

export const GithubAppAnswer = z.object({ slug: z.string().min(1) })

export const GithubInstallation = z.object({ id })

export const GithubInstallationToken = z.object({ token: z.string().min(1), expires_at: z.iso.datetime() })
