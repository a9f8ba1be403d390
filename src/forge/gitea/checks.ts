import { z } from 'zod'
import type { CheckState } from '../commit-checks.ts'
import type { ChecksDialect, PostedCheck } from '../rest/checks-dialect.ts'
import { commitStatusesCall } from './calls.ts'

/**
 * Statuses alone: Actions writes one for each job, with the context `<workflow> / <job> (<event>)`. The combined state is never looked
 * at, as our own status is part of it.
 */
export const giteaChecks: ChecksDialect = {
  lists: (repository, sha) => [
    {
      call: { ...commitStatusesCall(repository, sha), schema: z.array(GiteaCheck.transform(checkOf)) },
      needed: true,
    },
  ],
  settle: (posted) => posted,
}

const GiteaCheck = z.object({
  id: z.number().int().positive(),
  context: z.string(),
  status: z.string().min(1),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
})
type GiteaCheck = z.infer<typeof GiteaCheck>

function checkOf(status: GiteaCheck): PostedCheck {
  return {
    kind: 'status',
    id: status.id,
    name: status.context,
    state: states.get(status.status) ?? 'pending',
    description: status.description ?? null,
    url: status.target_url ?? null,
    pipeline: null,
    optional: false,
    sha: null,
  }
}

/** `skipped` is a word of newer ones, for a job whose condition did not hold. */
const states: ReadonlyMap<string, CheckState> = new Map([
  ['success', 'passed'],
  ['skipped', 'passed'],
  ['warning', 'failed'],
  ['failure', 'failed'],
  ['error', 'failed'],
])
