import { z } from 'zod'
import type { CommitSha } from '../../preview/brand.ts'
import type { CheckState } from '../commit-checks.ts'
import type { CheckList, ChecksDialect, PostedCheck } from '../rest/checks-dialect.ts'
import { github, ownerAndRepo, route } from './endpoint.ts'

/**
 * Two kinds of words: statuses, and check runs (of Actions and other Apps). Of check runs of one name the newest counts, so that one
 * that was cancelled and begun anew does not fail for ever.
 * https://docs.github.com/en/rest/commits/statuses and https://docs.github.com/en/rest/checks/runs
 */
export const githubChecks: ChecksDialect = {
  lists: (repository, sha) => [
    { call: statuses(repository, sha), needed: true },
    { call: checkRuns(repository, sha), needed: false },
  ],
  settle: (posted) => posted,
}

const id = z.number().int().positive()
const total = z.number().int().nonnegative()

const GithubCombinedStatus = z.object({
  sha: z.string().min(1),
  total_count: total,
  statuses: z.array(
    z.object({
      id,
      context: z.string(),
      state: z.string(),
      description: z.string().nullish(),
      target_url: z.string().nullish(),
    }),
  ),
})
type GithubCombinedStatus = z.infer<typeof GithubCombinedStatus>

const GithubCheckRuns = z.object({
  total_count: total,
  check_runs: z.array(
    z.object({
      id,
      name: z.string(),
      head_sha: z.string(),
      status: z.string(),
      /** Null until it is completed. */
      conclusion: z.string().nullable(),
      html_url: z.string().nullish(),
      details_url: z.string().nullish(),
      output: z.object({ title: z.string().nullish() }).nullish(),
    }),
  ),
})
type GithubCheckRun = z.infer<typeof GithubCheckRuns>['check_runs'][number]

function statuses(repository: string, sha: CommitSha): CheckList['call'] {
  return {
    operation: 'read-combined-status',
    purpose: `read the commit statuses of ${sha.slice(0, 7)} in ${repository}`,
    right: 'Commit statuses: read',
    ...route(github.repos.getCombinedStatusForRef.endpoint({ ...ownerAndRepo(repository), ref: sha })),
    schema: GithubCombinedStatus.transform((page) => ({
      items: page.statuses.map((status) => statusOf(status, page.sha)),
      total: page.total_count,
    })),
    // 422: no commit of that name.
    expected: [404, 422],
  }
}

function checkRuns(repository: string, sha: CommitSha): CheckList['call'] {
  return {
    operation: 'list-check-runs',
    purpose: `read the check runs of ${sha.slice(0, 7)} in ${repository}`,
    right: 'Checks: read',
    ...route(github.checks.listForRef.endpoint({ ...ownerAndRepo(repository), ref: sha, filter: 'latest' })),
    schema: GithubCheckRuns.transform((page) => ({
      items: page.check_runs.map(checkRunOf),
      total: page.total_count,
    })),
    expected: [403, 404, 422],
  }
}

const alone = { pipeline: null, optional: false } as const

function statusOf(status: GithubCombinedStatus['statuses'][number], sha: string): PostedCheck {
  return {
    ...alone,
    kind: 'status',
    id: status.id,
    name: status.context,
    state: statusStates.get(status.state) ?? 'pending',
    description: status.description ?? null,
    url: status.target_url ?? null,
    sha,
  }
}

const statusStates: ReadonlyMap<string, CheckState> = new Map([
  ['success', 'passed'],
  ['failure', 'failed'],
  ['error', 'failed'],
])

function checkRunOf(run: GithubCheckRun): PostedCheck {
  return {
    ...alone,
    kind: 'check run',
    id: run.id,
    name: run.name,
    state: run.status === 'completed' ? (conclusions.get(run.conclusion ?? '') ?? 'pending') : 'pending',
    description: run.output?.title ?? null,
    url: run.html_url ?? run.details_url ?? null,
    sha: run.head_sha,
  }
}

const conclusions: ReadonlyMap<string, CheckState> = new Map([
  ['success', 'passed'],
  ['neutral', 'passed'],
  ['skipped', 'passed'],
  ['action_required', 'failed'],
  ['cancelled', 'failed'],
  ['failure', 'failed'],
  ['timed_out', 'failed'],
  ['stale', 'failed'],
  ['startup_failure', 'failed'],
])
