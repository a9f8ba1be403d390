import { z } from 'zod'

/**
 * Only the fields that are used; what Gitea or Forgejo may leave empty may be null or absent here. What decides whether there is a
 * preview may not: without it an answer is odd, and decides nothing (law 3).
 */
const id = z.number().int().positive()
const sha = z.string()

export const GiteaUser = z.object({
  login: z.string().min(1),
  full_name: z.string().nullish(),
  email: z.string().nullish(),
})
export type GiteaUser = z.infer<typeof GiteaUser>

export const GiteaRepository = z.object({
  id,
  full_name: z.string().regex(/^[^/\s]+\/[^/\s]+$/),
  private: z.boolean().nullish(),
})
export type GiteaRepository = z.infer<typeof GiteaRepository>

const GiteaHead = z.object({
  label: z.string().nullish(),
  ref: z.string().nullish(),
  sha: sha.nullish(),
  repo: z.object({ id, full_name: GiteaRepository.shape.full_name.nullish().catch(null) }).nullable(),
})

export const GiteaPullRequest = z.object({
  created_at: z.string().nullish(),
  number: id,
  title: z.string(),
  state: z.enum(['open', 'closed']),
  merged: z.boolean(),
  draft: z.boolean().nullish(),
  changed_files: z.number().int().nonnegative().nullish(),
  is_locked: z.boolean().nullish(),
  user: GiteaUser.nullish(),
  labels: z.array(z.object({ name: z.string() })),
  base: z.object({ ref: z.string().min(1), repo: GiteaRepository }),
  head: GiteaHead,
})
export type GiteaPullRequest = z.infer<typeof GiteaPullRequest>

export const GiteaOpenPullRequests = z.array(z.object({ number: id, state: z.literal('open') }))

export const GiteaChangedFile = z.object({
  filename: z.string().min(1),
  status: z.string().nullish(),
  previous_filename: z.string().nullish(),
})
export type GiteaChangedFile = z.infer<typeof GiteaChangedFile>

export const GiteaComment = z.object({
  id,
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
})
export type GiteaComment = z.infer<typeof GiteaComment>

export const GiteaStatus = z.object({
  id,
  status: z.string().nullish(),
  context: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
})
export type GiteaStatus = z.infer<typeof GiteaStatus>
