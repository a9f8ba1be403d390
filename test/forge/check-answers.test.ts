import { describe, expect, it } from 'vitest'
import { giteaChecks } from '../../src/forge/gitea/checks.ts'
import { githubChecks } from '../../src/forge/github/checks.ts'
import { gitlabChecks } from '../../src/forge/gitlab/checks.ts'
import type { ForgeAnswer, ForgeCall } from '../../src/forge/http/call.ts'
import { createRestChecks } from '../../src/forge/rest/create-rest-checks.ts'
import type { ChecksDialect, PostedCheck } from '../../src/forge/rest/checks-dialect.ts'
import type { RestDialect } from '../../src/forge/rest/dialect.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { decidesNothing } from './decides-nothing.ts'

const sha = commitSha('a'.repeat(40))
const names = ['build', 'pipeline']

function readerOf(dialect: ChecksDialect, list: number): (answer: unknown) => unknown {
  const call = dialect.lists('acme/shop', sha, names)[list]?.call
  if (call === undefined) throw new Error(`there is no list ${list}`)
  return (answer) => call.schema.parse(answer)
}

describe('law 3: without what decides, what CI says is an odd answer', () => {
  const status = { id: 1, context: 'build', state: 'success' }
  const statuses = { sha, total_count: 1, statuses: [status] }
  const run = { id: 1, name: 'build', head_sha: sha, status: 'completed', conclusion: 'success' }
  const runs = { total_count: 1, check_runs: [run] }

  it.each(['sha', 'total_count', 'statuses'])('statuses of a github: %s', (path) => {
    decidesNothing(statuses, path, readerOf(githubChecks, 0))
  })

  it.each(['id', 'context', 'state'])('a status of a github: %s', (path) => {
    const read = readerOf(githubChecks, 0)
    decidesNothing(status, path, (item) => read({ ...statuses, statuses: [item] }))
  })

  it.each(['total_count', 'check_runs'])('check runs of a github: %s', (path) => {
    decidesNothing(runs, path, readerOf(githubChecks, 1))
  })

  it.each(['id', 'name', 'head_sha', 'status', 'conclusion'])('a check run of a github: %s', (path) => {
    const read = readerOf(githubChecks, 1)
    decidesNothing(run, path, (item) => read({ ...runs, check_runs: [item] }))
  })

  it.each(['id', 'context', 'status'])('a status of a gitea: %s', (path) => {
    const read = readerOf(giteaChecks, 0)
    decidesNothing({ id: 1, context: 'build', status: 'success' }, path, (item) => read([item]))
  })

  it.each(['id', 'sha', 'status'])('a job of a gitlab: %s', (path) => {
    const read = readerOf(gitlabChecks, 0)
    decidesNothing({ id: 1, sha, name: 'build', status: 'success' }, path, (item) => read([item]))
  })

  it.each(['id', 'sha', 'status'])('a pipeline of a gitlab: %s', (path) => {
    const read = readerOf(gitlabChecks, 1)
    decidesNothing({ id: 1, sha, status: 'success' }, path, (item) => read([item]))
  })
})

it('a check run that says it is done, and not how, waits', () => {
  const run = { id: 1, name: 'build', head_sha: sha, status: 'completed', conclusion: null }
  expect(readerOf(githubChecks, 1)({ total_count: 1, check_runs: [run] })).toMatchObject({
    items: [{ state: 'pending' }],
    total: 1,
  })
})

it.each(['stale', 'startup_failure'])('a check run that is %s failed', (conclusion) => {
  const run = { id: 1, name: 'build', head_sha: sha, status: 'completed', conclusion }
  expect(readerOf(githubChecks, 1)({ total_count: 1, check_runs: [run] })).toMatchObject({
    items: [{ state: 'failed' }],
  })
})

it('law 3: what is said of another commit is an odd answer', async () => {
  const check: PostedCheck = {
    kind: 'check run',
    id: 1,
    name: 'build',
    state: 'passed',
    description: null,
    url: null,
    pipeline: null,
    optional: false,
    sha: 'b'.repeat(40),
  }
  const answering = (posted: PostedCheck): Pick<RestDialect, 'name' | 'checks' | 'http' | 'paging'> => ({
    name: 'acme-git',
    checks: {
      lists: () => githubChecks.lists('acme/shop', sha, names).slice(0, 1),
      settle: (all) => all,
    },
    http: {
      ask: <T>(_call: ForgeCall<T>): Promise<ForgeAnswer<T>> =>
        Promise.resolve({
          kind: 'value',
          value: { items: [posted], total: 1 } as T,
          headers: new Headers(),
        }),
    },
    paging: (idOf) => ({
      limit: { parameter: 'per_page', size: 100 },
      counting: { kind: 'body' },
      idOf,
      maxPages: 1,
    }),
  })
  const read = (posted: PostedCheck) =>
    createRestChecks(answering(posted) as RestDialect).readChecks('acme/shop', sha, ['build'])
  await expect(read(check)).rejects.toBeInstanceOf(RetryLater)
  expect(await read({ ...check, sha })).toMatchObject([{ state: 'passed' }])
})
