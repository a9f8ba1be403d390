import { afterEach, describe, expect, it } from 'vitest'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import type { SandboxMergeRequest } from '../../src/sandbox/forge/state.ts'
import { failOnUnknown, type TestForge, userCalled } from '../support/forge-harness.ts'
import { type FaultyForge, startFaultyForge } from '../support/faulty-forge.ts'
import {
  createTestGitlab,
  startTestGitlab,
  type TestGitlab,
  type TestGitlabOptions,
} from '../support/gitlab-harness.ts'

const marker = '<!-- mayfly:ways -->'
const comment = { marker, body: `${marker}\none`, whenMissing: 'create', settledBy: null } as const
const pending = {
  context: 'mayfly/shop',
  state: 'pending',
  description: 'Waiting: for its image',
  targetUrl: 'https://git.acme.example/1',
} as const

interface Ways extends TestGitlab, TestForge {
  readonly proxy: FaultyForge
  readonly repository: string
  open(wish?: Partial<SandboxMergeRequest>): SandboxMergeRequest
}

const running: Ways[] = []

async function begin(options: TestGitlabOptions = {}, repository = 'acme/shop'): Promise<Ways> {
  const gitlab = await startTestGitlab(options)
  const { sandbox } = gitlab
  if (repository !== 'acme/shop') sandbox.actions.createRepository(repository)
  const proxy = await startFaultyForge(sandbox.url)
  const author = userCalled(sandbox, 'dev')
  const open = (wish = {}) => {
    const mergeRequest = sandbox.actions.openMergeRequest(repository, { branch: 'cart', author })
    return Object.assign(mergeRequest, wish)
  }
  const ways = { ...gitlab, ...createTestGitlab(proxy.url), proxy, repository, open }
  running.push(ways)
  return ways
}

afterEach(async () => {
  for (const { proxy, sandbox } of running.splice(0)) {
    await proxy.close()
    await sandbox.close()
    failOnUnknown(sandbox)
  }
})

describe('a project', () => {
  it.each(['acme/web/frontend/shop', 'acme/shop.v2'])('is found under its path %s', async (repository) => {
    const { forge, open } = await begin({}, repository)
    const { number } = open()
    expect(await forge.readMergeRequest(repository, number)).toMatchObject({
      mergeRequest: { number, repository: { fullName: repository } },
    })
    expect((await forge.listOpenMergeRequests(repository)).numbers).toEqual([number])
  })

  it('is found under its number, and keeps it when it moves', async () => {
    const { forge, open, sandbox } = await begin()
    const { number } = open()
    const id = String(sandbox.state.repositories[0]?.id)
    sandbox.actions.renameRepository('acme/shop', 'acme/web/store')
    expect(await forge.readMergeRequest(id, number)).toMatchObject({
      mergeRequest: { repository: { id, fullName: 'acme/web/store' } },
    })
    expect(await forge.publishComment({ repository: id, number }, comment)).toBe('created')
  })

  it('that moved takes writes under its number: under its former path they are refused', async () => {
    const { open, sandbox } = await begin()
    const { number } = open()
    sandbox.actions.renameRepository('acme/shop', 'acme/web/store')
    const { forge, calls } = createTestGitlab(sandbox.url)
    expect(await forge.publishComment({ repository: 'acme/shop', number }, comment)).toBe('created')
    const written = calls.filter(({ operation }) => operation === 'create-comment')
    expect(written.map(({ status }) => status)).toEqual([405, 201])
    expect(sandbox.state.repositories[0]?.mergeRequests[0]?.comments).toHaveLength(1)
  })

  it('law 3: whose merge requests are switched off says nothing of one', async () => {
    const { forge, open, sandbox } = await begin()
    const { number } = open()
    for (const shop of sandbox.state.repositories) shop.mergeRequestsEnabled = false
    await expect(forge.readMergeRequest('acme/shop', number)).rejects.toBeInstanceOf(Stalled)
    await expect(forge.readMergeRequest('acme/shop', 4711)).rejects.toBeInstanceOf(Stalled)
  })
})

describe('comments', () => {
  it('that GitLab counts but hides do not keep ours from being found', async () => {
    const { forge, open, sandbox } = await begin({
      pageLimit: 2,
      gitlab: { hides: ({ body }) => body.startsWith('spam') },
    })
    const { number } = open()
    const target = { repository: 'acme/shop', number }
    sandbox.actions.comment('acme/shop', number, userCalled(sandbox, 'dev'), 'spam one')
    expect(await forge.publishComment(target, comment)).toBe('created')
    for (const text of ['spam two', 'spam three', 'talk'])
      sandbox.actions.comment('acme/shop', number, userCalled(sandbox, 'dev'), text)
    expect(await forge.publishComment(target, comment)).toBe('unchanged')
    expect(await forge.publishComment(target, { ...comment, body: `${marker}\ntwo` })).toBe('edited')
  })

  it('are taken by a locked discussion only from those who belong to the project', async () => {
    const inside = await begin()
    const outside = await begin({ gitlab: { strangers: ['mayfly-bot'] } })
    const result = ({ forge, open }: Ways) =>
      forge.publishComment({ repository: 'acme/shop', number: open({ locked: true }).number }, comment)
    expect(await result(inside)).toBe('created')
    expect(await result(outside)).toBe('locked')
  })

  it('are refused in words where the token may only read', async () => {
    const { forge, open, sandbox } = await begin()
    sandbox.actions.grant('acme/shop', 'mayfly-bot', ['read'])
    const target = { repository: 'acme/shop', number: open().number }
    await expect(forge.publishComment(target, comment)).rejects.toThrow('scope api, role Reporter')
  })
})

describe('commit statuses', () => {
  async function started(options: TestGitlabOptions = {}) {
    const ways = await begin(options)
    const mergeRequest = ways.open()
    const [sha] = mergeRequest.commits
    if (sha === undefined) throw new Error('there is no commit')
    const publish = (change: object = {}) =>
      ways.forge.publishStatus('acme/shop', sha, { ...pending, ...change }, 'ask')
    const said = () =>
      (ways.sandbox.state.repositories[0]?.statuses ?? []).map(({ id, state, description }) => [
        id,
        state,
        description,
      ])
    return { ...ways, mergeRequest, sha, publish, said }
  }

  it('law 6: get new words once while they wait, and keep those: no job enters its state twice', async () => {
    const { publish, said } = await started()
    expect(await publish()).toBe('set')
    expect(await publish({ description: 'Deploying: 1 of 2' })).toBe('set')
    expect(await publish({ description: 'Deploying: 1 of 2' })).toBe('unchanged')
    expect(await publish({ description: 'Deploying: 2 of 2' })).toBe('unchanged')
    expect(await publish({ state: 'success', description: 'Ready' })).toBe('set')
    expect(await publish({ state: 'failure', description: 'Degraded' })).toBe('set')
    expect(await publish()).toBe('set')
    expect(said()).toEqual([
      [1, 'pending', 'Waiting: for its image'],
      [1, 'pending', 'Deploying: 1 of 2'],
      [1, 'success', 'Ready'],
      [4, 'failure', 'Degraded'],
      [5, 'pending', 'Waiting: for its image'],
    ])
  })

  it('of two replicas that say the same at once are one', async () => {
    const { publish, said, proxy, sandbox } = await started()
    const isWrite = ({ method }: { readonly method: string }) => method === 'POST'
    proxy.meanwhile(isWrite, () => {
      const [shop] = sandbox.state.repositories
      const { context, state, description, targetUrl } = pending
      const [sha = ''] = shop?.mergeRequests[0]?.commits ?? []
      shop?.statuses.push({ id: 1, sha, context, state, description, targetUrl })
    })
    expect(await publish()).toBe('unchanged')
    expect(said()).toHaveLength(1)
  })

  it('are left out for a commit that is in no branch of the project: of a fork, or squashed away', async () => {
    for (const change of [{ source: 'fork' }, { source: 'deleted fork' }, { branchDeleted: true }] as const) {
      const { publish, mergeRequest } = await started()
      Object.assign(mergeRequest, change)
      expect(await publish()).toBe('skipped')
    }
  })

  it('go without an address that is too long', async () => {
    const { publish, sandbox } = await started()
    expect(await publish({ targetUrl: `https://git.acme.example/${'x'.repeat(255)}` })).toBe('set')
    expect(sandbox.state.repositories[0]?.statuses[0]?.targetUrl).toBe('')
  })

  it('are refused in words where the token lacks the role, and any other refusal is one', async () => {
    const { publish, sandbox } = await started()
    sandbox.actions.grant('acme/shop', 'mayfly-bot', ['read', 'comment'])
    await expect(publish()).rejects.toThrow('scope api, role Developer')
    const stranger = await started()
    await expect(stranger.publish({ targetUrl: 'ftp://git.acme.example' })).rejects.toThrow(
      'is blocked: Only allowed schemes',
    )
  })
})

describe('changed files', () => {
  const changed = (path: string, previousPath: string | null = null) => ({ path, previousPath })

  it('law 4: are all listed, page by page, former names too', async () => {
    const { forge, open } = await begin({ pageLimit: 2 })
    const { number } = open({
      files: [changed('c.ts', 'a.ts'), changed('b.ts'), changed('a.ts'), changed('d.ts')],
    })
    expect(await forge.listChangedFiles('acme/shop', number)).toEqual(['a.ts', 'b.ts', 'c.ts', 'd.ts'])
  })

  it('are none for one without a commit of its own', async () => {
    const { forge, open } = await begin()
    expect(await forge.listChangedFiles('acme/shop', open({ files: [] }).number)).toEqual([])
  })

  it('law 3: are an error, not none, while GitLab still makes the diff', async () => {
    const { forge, open, dialect } = await begin()
    const { number } = open()
    dialect.preparing.add(number)
    await expect(forge.listChangedFiles('acme/shop', number)).rejects.toBeInstanceOf(RetryLater)
    dialect.preparing.delete(number)
    expect(await forge.listChangedFiles('acme/shop', number)).toEqual(['README.md'])
  })

  it('law 4: are an error in words when GitLab stopped counting', async () => {
    const { forge, open } = await begin()
    const { number } = open({ files: Array.from({ length: 1001 }, (_, index) => changed(`f${index}`)) })
    await expect(forge.listChangedFiles('acme/shop', number)).rejects.toThrow(
      'changes more files than acme-git counts',
    )
  })
})

describe('rate limits', () => {
  it('are waited for as long as GitLab says, though it says so in plain text', async () => {
    const { forge, open } = await begin({ gitlab: { rateLimit: 1 } })
    const { number } = open()
    const error: unknown = await forge
      .readMergeRequest('acme/shop', number)
      .then(() => forge.readMergeRequest('acme/shop', number))
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(RetryLater)
    expect(error).toMatchObject({ message: expect.stringContaining('asks to slow down') as string })
    expect((error as RetryLater).retryAfterMs).toBeLessThanOrEqual(60_000)
  })
})
