import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Forge, StickyComment } from '../../src/forge/port.ts'
import { type CommitSha, commitSha } from '../../src/preview/brand.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import type { MergeRequest } from '../../src/preview/merge-request.ts'

/** A real or embedded forge with one repository in it, and hands to do what people do there. */
export interface ForgeHarness {
  /** The adapter under test, with a token that may read, comment and set statuses. */
  readonly forge: Forge
  /** `owner/name` at the start. */
  readonly repository: string
  /** A merge request from a branch of the repository itself; gives its number. */
  openMergeRequest(wish: { readonly branch: string; readonly title?: string }): Promise<number>
  /** Adds a commit to the branch of the merge request; gives it. */
  push(number: number): Promise<CommitSha>
  close(number: number): Promise<void>
  reopen(number: number): Promise<void>
  merge(number: number): Promise<void>
  label(number: number, labels: readonly string[]): Promise<void>
  retarget(number: number, branch: string): Promise<void>
  /** All comments, the oldest first. */
  comments(
    number: number,
  ): Promise<readonly { readonly id: number; readonly author: string; readonly body: string }[]>
  /** A comment of somebody who is not the adapter's user. */
  commentAsOther(number: number, body: string): Promise<void>
  /** A comment of the adapter's own user, written past the adapter. */
  commentAsSelf(number: number, body: string): Promise<void>
  deleteComment(number: number, id: number): Promise<void>
  /** Locks the conversation; false where the adapter's user may comment all the same. */
  lock(number: number): Promise<boolean>
  /** The statuses of a commit, the oldest first. */
  statuses(sha: CommitSha): Promise<
    readonly {
      readonly context: string
      readonly state: string
      readonly description: string
      readonly targetUrl: string
    }[]
  >
  /** Gives the new `owner/name`. */
  renameRepository(): Promise<string>
  /** Fails when the stand-in lacked something. */
  dispose(): Promise<void>
}

const marker = '<!-- mayfly:contract -->'
const status = {
  context: 'mayfly/shop',
  state: 'pending',
  description: 'Deploying: 1 of 2 “things”',
  targetUrl: 'https://shop-1.preview.acme.dev',
} as const

/** What every forge adapter must do, against a forge that works. Faults have their own suite. */
export function describeForgeContract(name: string, create: () => Promise<ForgeHarness>): void {
  describe(`forge contract: ${name}`, () => {
    let harness: ForgeHarness
    beforeEach(async () => {
      harness = await create()
    })
    afterEach(() => harness.dispose())

    describeReading(() => harness)
    describeListing(() => harness)
    describeFiles(() => harness)
    describeComments(() => harness)
    describeStatuses(() => harness)
  })
}

function comment(
  text: string,
  whenMissing: StickyComment['whenMissing'] = 'create',
  settledBy: string | null = null,
): StickyComment {
  return { marker, body: `${marker}\n${text}\n`, whenMissing, settledBy }
}

async function found(
  { forge, repository }: ForgeHarness,
  number: number,
  name = repository,
): Promise<MergeRequest> {
  const reading = await forge.readMergeRequest(name, number)
  if (reading.kind !== 'found') throw new Error(`merge request ${number} is ${reading.kind}`)
  return reading.mergeRequest
}

function describeReading(at: () => ForgeHarness): void {
  it('reads an open merge request in our words', async () => {
    const number = await at().openMergeRequest({
      branch: 'feature/caf\u00e9-\u0444',
      title: 'A "title": with # all',
    })
    const sha = await at().push(number)
    expect(await found(at(), number)).toMatchObject({
      number,
      state: 'open',
      title: 'A "title": with # all',
      branch: 'feature/caf\u00e9-\u0444',
      targetBranch: 'main',
      sha,
      labels: [],
      draft: false,
      fork: false,
      repository: { fullName: at().repository },
    })
  })

  it('says who wrote it, with an address that is not a private one', async () => {
    const { author } = await found(at(), await at().openMergeRequest({ branch: 'cart' }))
    expect(author.login).not.toBe('')
    expect(author.name).not.toBe('')
    expect(author.email).toMatch(/^[^@\s]+@([\w-]+\.)*noreply\./)
  })

  it('follows its life: pushed, labelled, retargeted, closed, reopened, merged', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    const before = await found(at(), number)
    const sha = await at().push(number)
    expect(sha).not.toBe(before.sha)
    await at().label(number, ['preview', 'needs review'])
    await at().retarget(number, 'release')
    const changed = await found(at(), number)
    expect(changed).toMatchObject({ sha, state: 'open', targetBranch: 'release' })
    expect(changed.labels.toSorted()).toEqual(['needs review', 'preview'])
    await at().close(number)
    expect(await found(at(), number)).toMatchObject({ state: 'closed', sha })
    await at().reopen(number)
    expect(await found(at(), number)).toMatchObject({ state: 'open' })
    await at().merge(number)
    expect(await found(at(), number)).toMatchObject({ state: 'merged', sha })
  })

  it('law 3: one that does not exist is gone while its repository answers', async () => {
    const reading = await at().forge.readMergeRequest(at().repository, 4711)
    expect(reading).toMatchObject({ kind: 'gone', repository: { fullName: at().repository } })
  })

  it('law 3: one of a repository that does not answer is an error, never gone', async () => {
    await expect(at().forge.readMergeRequest(`${at().repository}-of-nobody`, 1)).rejects.toMatchObject({
      name: 'Stalled',
    })
    await expect(at().forge.readMergeRequest('no/such/../repository', 1)).rejects.toMatchObject({
      name: 'Stalled',
    })
  })

  it('finds a renamed repository under its old name, and says its new one', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    const before = await found(at(), number)
    const name = await at().renameRepository()
    for (const asked of [at().repository, name]) {
      const { repository } = await found(at(), number, asked)
      expect(repository).toMatchObject({ fullName: name, id: before.repository.id })
    }
    expect(
      await at().forge.publishComment({ repository: at().repository, number }, comment('after the rename')),
    ).toBe('created')
    expect(await at().forge.publishStatus(at().repository, before.sha, status, 'ask')).toBe('set')
    expect(await at().forge.readMergeRequest(at().repository, 4711)).toMatchObject({
      kind: 'gone',
      repository: { fullName: name },
    })
  })
}

function describeListing(at: () => ForgeHarness): void {
  it('law 4: lists all open merge requests and no other', async () => {
    const numbers: number[] = []
    for (let n = 1; n <= 7; n++) numbers.push(await at().openMergeRequest({ branch: `branch-${n}` }))
    const [first = 0, second = 0, ...open] = numbers
    await at().close(first)
    await at().merge(second)
    const listed = await at().forge.listOpenMergeRequests(at().repository)
    expect(listed.repository.fullName).toBe(at().repository)
    expect(listed.numbers.toSorted((one, other) => one - other)).toEqual(open)
  })

  it('lists none where there are none', async () => {
    expect((await at().forge.listOpenMergeRequests(at().repository)).numbers).toEqual([])
  })

  it('law 4: the list of a repository that does not answer is an error', async () => {
    await expect(at().forge.listOpenMergeRequests(`${at().repository}-of-nobody`)).rejects.toMatchObject({
      name: 'Stalled',
    })
  })
}

function describeFiles(at: () => ForgeHarness): void {
  it('law 4: lists the files that a merge request changes, each once', async () => {
    const paths = await at().forge.listChangedFiles(
      at().repository,
      await at().openMergeRequest({ branch: 'cart' }),
    )
    expect(paths.length).toBeGreaterThan(0)
    expect(paths).toEqual([...new Set(paths)].toSorted())
  })

  it('laws 3 and 4: the files of one that does not exist are an error, never none', async () => {
    await expect(at().forge.listChangedFiles(at().repository, 4711)).rejects.toBeInstanceOf(Error)
    await expect(at().forge.listChangedFiles(`${at().repository}-of-nobody`, 1)).rejects.toBeInstanceOf(Error)
  })
}

function describeComments(at: () => ForgeHarness): void {
  const publish = (number: number, wanted: StickyComment) =>
    at().forge.publishComment({ repository: at().repository, number }, wanted)
  const bodies = async (number: number) => (await at().comments(number)).map(({ body }) => body.trimEnd())
  const said = (text: string) => `${marker}\n${text}`
  const publishToTheEnd = async (number: number, wanted: StickyComment) => {
    for (let asked = 1; (await publishOrAgain(number, wanted)) === 'unfinished'; asked++)
      expect(asked).toBeLessThan(20)
  }
  // A list that moves while it is read is an error for now.
  const publishOrAgain = (number: number, wanted: StickyComment) =>
    publish(number, wanted).catch((error: unknown) => {
      if (error instanceof RetryLater) return 'unfinished'
      throw error
    })

  it('law 6: one comment is written, edited in place, and left alone when it says so already', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    expect(await publish(number, comment('one', 'skip'))).toBe('skipped')
    expect(await publish(number, comment('one'))).toBe('created')
    expect(await publish(number, comment('one'))).toBe('unchanged')
    expect(await publish(number, comment('two', 'skip'))).toBe('edited')
    expect(await bodies(number)).toEqual([said('two')])
  })

  it('law 6: leaves a comment alone that holds the line by which it is settled, whatever else it says', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    await publish(number, comment('gone after 2 min\n\n<!-- end 1 -->'))
    expect(await publish(number, comment('gone\n\n<!-- end 1 -->', 'create', '<!-- end 1 -->'))).toBe(
      'unchanged',
    )
    expect(await bodies(number)).toEqual([said('gone after 2 min\n\n<!-- end 1 -->')])
    expect(await publish(number, comment('gone\n\n<!-- end 2 -->', 'create', '<!-- end 2 -->'))).toBe(
      'edited',
    )
    expect(await publish(number, comment('back', 'create', null))).toBe('edited')
  })

  it('finds its own among all comments by marker and author, on whatever page', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    for (let n = 1; n <= 4; n++) await at().commentAsOther(number, `talk ${n}`)
    await at().commentAsOther(number, said('of somebody else'))
    await at().commentAsSelf(number, `quoted:\n${said('not on the first line')}`)
    await publish(number, comment('one'))
    await at().commentAsOther(number, 'more talk')
    expect(await publish(number, comment('two'))).toBe('edited')
    const all = await bodies(number)
    expect(all).toHaveLength(8)
    expect(all).toContain(said('two'))
    expect(all).toContain(said('of somebody else'))
    expect(all).not.toContain(said('one'))
  })

  it('removes younger duplicates of its own, and nobody else\u2019s', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    await publish(number, comment('one'))
    await at().commentAsSelf(number, said('a duplicate'))
    await at().commentAsOther(number, said('of somebody else'))
    await at().commentAsSelf(number, said('another duplicate'))
    expect(await publish(number, comment('two'))).toBe('unfinished')
    expect(await bodies(number)).toHaveLength(4)
    expect(await publish(number, comment('two'))).toBe('unfinished')
    expect(await publish(number, comment('two'))).toBe('edited')
    expect(await bodies(number)).toEqual([said('two'), said('of somebody else')])
    expect(await publish(number, comment('two'))).toBe('unchanged')
  })

  it('replicas that begin at the same moment leave one comment, with the text that was said last', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    const replicas = [1, 2, 3, 4]
    await Promise.all(replicas.map(() => publishToTheEnd(number, comment('one'))))
    expect(await bodies(number)).toEqual([said('one')])
    await Promise.all(replicas.map((replica) => publishOrAgain(number, comment(`of replica ${replica}`))))
    await publishToTheEnd(number, comment('two'))
    expect(await bodies(number)).toEqual([said('two')])
    expect(await publish(number, comment('two'))).toBe('unchanged')
  })

  it('writes a deleted comment again when asked to', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    await publish(number, comment('one'))
    const [only] = await at().comments(number)
    await at().deleteComment(number, only?.id ?? 0)
    expect(await publish(number, comment('two', 'skip'))).toBe('skipped')
    expect(await publish(number, comment('two'))).toBe('created')
  })

  it('takes a locked conversation as it is', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    const shut = await at().lock(number)
    expect(await publish(number, comment('one'))).toBe(shut ? 'locked' : 'created')
    expect(await bodies(number)).toEqual(shut ? [] : [said('one')])
  })

  it('skips a merge request that does not exist, and stalls on a repository that does not', async () => {
    expect(await publish(4711, comment('one'))).toBe('skipped')
    await expect(
      at().forge.publishComment({ repository: `${at().repository}-of-nobody`, number: 1 }, comment('one')),
    ).rejects.toMatchObject({ name: 'Stalled' })
  })
}

function describeStatuses(at: () => ForgeHarness): void {
  it('law 6: sets a status, and leaves one alone that says so already', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    const { sha } = await found(at(), number)
    const { forge, repository } = at()
    expect(await forge.publishStatus(repository, sha, status, 'ask')).toBe('set')
    expect(await forge.publishStatus(repository, sha, status, 'ask')).toBe('unchanged')
    expect(await forge.publishStatus(repository, sha, { ...status, context: 'mayfly/docs' }, 'ask')).toBe(
      'set',
    )
    const ready = { ...status, state: 'success', targetUrl: 'https://shop-2.preview.acme.dev' } as const
    expect(await forge.publishStatus(repository, sha, ready, 'ask')).toBe('set')
    expect(await forge.publishStatus(repository, sha, { ...status, context: 'mayfly/docs' }, 'ask')).toBe(
      'unchanged',
    )
    expect(await at().statuses(sha)).toEqual([{ ...status }, { ...status, context: 'mayfly/docs' }, ready])
    expect(await forge.publishStatus(repository, sha, status, 'ask')).toBe('set')
  })

  it('takes back what holds people up, and nothing else', async () => {
    const { sha } = await found(at(), await at().openMergeRequest({ branch: 'cart' }))
    const { forge, repository } = at()
    const ended = { ...status, state: 'success', description: 'Ended' } as const
    expect(await forge.publishStatus(repository, sha, ended, 'blocking')).toBe('skipped')
    await forge.publishStatus(repository, sha, status, 'ask')
    expect(await forge.publishStatus(repository, sha, ended, 'blocking')).toBe('set')
    expect(await forge.publishStatus(repository, sha, { ...ended, description: 'Other' }, 'blocking')).toBe(
      'skipped',
    )
    expect((await at().statuses(sha)).map(({ description }) => description)).toEqual([
      status.description,
      'Ended',
    ])
  })

  it('law 6: sets a status that leads nowhere', async () => {
    const { sha } = await found(at(), await at().openMergeRequest({ branch: 'cart' }))
    const nowhere = { ...status, targetUrl: null }
    expect(await at().forge.publishStatus(at().repository, sha, nowhere, 'ask')).toBe('set')
    expect(await at().forge.publishStatus(at().repository, sha, nowhere, 'ask')).toBe('unchanged')
    expect(await at().statuses(sha)).toEqual([{ ...status, targetUrl: '' }])
  })

  it('sets it on the commit it is about, also after a push', async () => {
    const number = await at().openMergeRequest({ branch: 'cart' })
    const before = (await found(at(), number)).sha
    const after = await at().push(number)
    await at().forge.publishStatus(at().repository, after, status, 'ask')
    expect(await at().statuses(before)).toEqual([])
    expect(await at().statuses(after)).toHaveLength(1)
  })

  it('skips a commit that its repository does not have', async () => {
    await at().openMergeRequest({ branch: 'cart' })
    const unknown = commitSha('0123456789'.repeat(4))
    expect(await at().forge.publishStatus(at().repository, unknown, status, 'ask')).toBe('skipped')
  })
}
