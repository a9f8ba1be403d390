import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Forge } from '../../src/forge/port.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { type Fault, faults, type ProxiedRequest } from '../support/faulty-forge.ts'
import { type FaultyGitea, marker, repository, sha, useFaultyGitea } from '../support/faulty-gitea.ts'
import { sandboxToken } from '../support/forge-harness.ts'
import { createTestGitea } from '../support/gitea-harness.ts'

const at = useFaultyGitea()
const comment = { marker, body: `${marker}\nnew`, whenMissing: 'create' } as const
const status = { context: 'mayfly/shop', state: 'success', description: 'Ready', targetUrl: null } as const

interface Operation {
  readonly name: string
  readonly run: (forge: Forge) => Promise<unknown>
  readonly hits: (request: ProxiedRequest) => boolean
}

const first = { repository, number: 1 }
const second = { repository, number: 2 }
const pages = [1, 2, 3]

/** Every request that the adapter ever sends, page by page. */
const operations: readonly Operation[] = [
  operation('read a merge request', (forge) => forge.readMergeRequest(repository, 1), is('GET', '/pulls/1')),
  operation(
    'ask the repository about one that is gone',
    (forge) => forge.readMergeRequest(repository, 99),
    is('GET', ''),
  ),
  operation(
    'ask the list about one that is gone',
    (forge) => forge.readMergeRequest(repository, 99),
    is('GET', '/pulls'),
  ),
  operation(
    'read the repository of the list',
    (forge) => forge.listOpenMergeRequests(repository),
    is('GET', ''),
  ),
  ...pages.map((page) =>
    operation(
      `list open merge requests, page ${page}`,
      (forge) => forge.listOpenMergeRequests(repository),
      is('GET', '/pulls', page),
    ),
  ),
  operation(
    'read the own user',
    (forge) => forge.publishComment(first, comment),
    ({ path }) => path === '/user',
  ),
  ...pages.map((page) =>
    operation(
      `list comments, page ${page}`,
      (forge) => forge.publishComment(first, comment),
      is('GET', '/issues/1/comments', page),
    ),
  ),
  operation(
    'edit the comment',
    (forge) => forge.publishComment(first, comment),
    ({ method }) => method === 'PATCH',
  ),
  operation(
    'create the comment',
    (forge) => forge.publishComment(second, comment),
    is('POST', '/issues/2/comments'),
  ),
  ...pages.map((page) =>
    operation(
      `list statuses, page ${page}`,
      (forge) => forge.publishStatus(repository, sha, status),
      is('GET', `/commits/${sha}/statuses`, page),
    ),
  ),
  operation(
    'set a status',
    (forge) => forge.publishStatus(repository, sha, status),
    is('POST', `/statuses/${sha}`),
  ),
]

const stalling: readonly Fault[] = ['301 elsewhere', '401', '403', '404']
const asking: readonly Fault[] = [
  '503 with Retry-After',
  '403 with Retry-After',
  '403 with spent budget',
  '429 with Retry-After',
]
/** Where a 404 says that there is nothing to write to, which the repository then confirms. */
const skipping: readonly string[] = ['list comments, page 1', 'list statuses, page 1']

describe.each(operations)('laws 3 and 4: $name', (operation) => {
  it.each(faults.filter((fault) => fault !== '404'))('%s is an error, never an answer', async (fault) => {
    const error = await outcome(operation, fault)
    expect(error).toBeInstanceOf(stalling.includes(fault) ? Stalled : RetryLater)
    if (error instanceof RetryLater && asking.includes(fault))
      expect(Math.abs((error.retryAfterMs ?? 0) - 17_000)).toBeLessThan(3_000)
    const shown = [inspect(error, { depth: null }), at().gitea.log.text()].join('\n')
    expect(shown).toContain('acme')
    expect(shown).not.toContain(sandboxToken)
  })

  it('404 is an error, or says that nothing is there', async () => {
    const result = await outcome(operation, '404')
    if (skipping.includes(operation.name)) expect(result).toBe('skipped')
    else expect(result instanceof Stalled || result instanceof RetryLater).toBe(true)
  })

  it('works again by itself once the fault is over', async () => {
    expect(await outcome(operation, '503', 1)).toBeInstanceOf(RetryLater)
    expect(await operation.run(at().gitea.forge)).toBeTruthy()
  })
})

describe('law 3: what makes a merge request gone', () => {
  const read = (number: number) => at().gitea.forge.readMergeRequest(repository, number)

  it('is a 404 on it while its repository and its list answer', async () => {
    expect(await read(99)).toMatchObject({ kind: 'gone', repository: { fullName: repository } })
  })

  it('is not a 404 on one that the list shows as open', async () => {
    at().proxy.break({ fault: '404', when: is('GET', '/pulls/1') })
    await expect(read(1)).rejects.toMatchObject({ name: 'RetryLater' })
  })

  it('is not a 404 on every one, as when merge requests are switched off or hidden from the token', async () => {
    for (const shop of at().sandbox.state.repositories) shop.mergeRequestsEnabled = false
    await expect(read(1)).rejects.toMatchObject({ name: 'Stalled' })
    await expect(read(99)).rejects.toMatchObject({ name: 'Stalled' })
    await expect(at().gitea.forge.listOpenMergeRequests(repository)).rejects.toMatchObject({
      name: 'Stalled',
    })
  })

  it('is not a 404 on its repository', async () => {
    at().sandbox.state.repositories.length = 0
    await expect(read(1)).rejects.toMatchObject({ name: 'Stalled' })
  })

  it('is not an answer about another merge request', async () => {
    at().proxy.break({ fault: 'another merge request', when: is('GET', '/pulls/1') })
    await expect(read(1)).rejects.toThrow('answered with merge request 2')
  })
})

describe('law 4: a list that moves while it is read', () => {
  const list = () => at().gitea.forge.listOpenMergeRequests(repository)

  it('is an error when a merge request is closed between two pages', async () => {
    at().proxy.meanwhile(is('GET', '/pulls', 2), () => {
      at().sandbox.deeds.setState(repository, 5, 'closed')
    })
    await expect(list()).rejects.toMatchObject({ name: 'RetryLater' })
    expect((await list()).numbers).toEqual([4, 3, 2, 1])
  })

  it('is an error when one is opened between two pages', async () => {
    const { proxy, sandbox } = at()
    proxy.meanwhile(is('GET', '/pulls', 2), () => {
      const [author] = sandbox.state.users
      if (author !== undefined) sandbox.deeds.openMergeRequest(repository, { branch: 'late', author })
    })
    await expect(list()).rejects.toMatchObject({ name: 'RetryLater' })
  })
})

it('law 10: a wrong token stalls and says what to do, without showing it', async () => {
  const wrong = createTestGitea(at().sandbox.url, { token: 'canary-wrong-1d9a' })
  const error: unknown = await wrong.forge.readMergeRequest(repository, 1).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Stalled)
  expect(inspect(error)).toContain('put it into the configuration of forge acme-git')
  expect(inspect(error) + wrong.log.text()).not.toContain('canary-wrong-1d9a')
})

it('two that create the comment at the same moment end with one, of the newest text', async () => {
  const { proxy, sandbox, gitea } = at()
  proxy.meanwhile(is('POST', '/issues/2/comments'), () => {
    const [bot] = sandbox.state.users
    if (bot !== undefined) sandbox.deeds.comment(repository, 2, bot, `${marker}\nfrom another replica`)
  })
  expect(await gitea.forge.publishComment(second, comment)).toBe('unfinished')
  expect(await gitea.forge.publishComment(second, comment)).toBe('unfinished')
  expect(await gitea.forge.publishComment(second, comment)).toBe('edited')
  const pull = sandbox.state.repositories[0]?.mergeRequests.find(({ number }) => number === 2)
  expect(pull?.comments.map(({ body }) => body)).toEqual([comment.body])
})

function operation(name: string, run: Operation['run'], hits: Operation['hits']): Operation {
  return { name, run, hits }
}

function is(method: string, path: string, page: number | null = null): (request: ProxiedRequest) => boolean {
  return (request) =>
    request.method === method &&
    request.path === `/repos/acme/shop${path}` &&
    (page === null || request.page === page)
}

async function outcome(
  { run, hits }: Operation,
  fault: Fault,
  times = Number.POSITIVE_INFINITY,
): Promise<unknown> {
  const { proxy, gitea }: FaultyGitea = at()
  proxy.break({ fault, when: hits, times })
  try {
    return await run(gitea.forge)
  } catch (error) {
    return error
  }
}
