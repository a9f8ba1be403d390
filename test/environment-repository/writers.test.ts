import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type GitRepositories, gitRepositories } from '../support/git-repositories.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import { creation, manifestOf, pathOf } from '../support/proposed-changes.ts'

const test: { git?: GitRepositories } = {}
const git = (): GitRepositories => {
  if (test.git === undefined) throw new Error('no server')
  return test.git
}

beforeEach(async () => {
  test.git = await gitRepositories({ 'apps/mayfly.yml': 'kind: ConfigMap\n' })
})
afterEach(() => test.git?.close())

describe('many at once', () => {
  it('8 writers with 25 changes each, beside a foreign committer, lose nothing and write nothing twice', async () => {
    const { branch } = git().server
    const writers = Array.from({ length: 8 }, () => git().open())
    const foreign = (async () => {
      for (let count = 0; count < 15; count++) {
        // A race that the foreigner loses is run again.
        await eventually(() => branch.commitForeign({ [`notes/${count}.md`]: 'x\n' }))
        await delay(50)
      }
    })()
    const results = await Promise.all(
      writers.flatMap((writer, index) =>
        Array.from({ length: 25 }, (_, each) => writer.change(creation(index * 25 + each + 1))),
      ),
    )
    await foreign
    expect(results.every(({ kind }) => kind === 'pushed')).toBe(true)
    expect(await branch.files()).toHaveLength(200)
    expect(await branch.files('notes')).toHaveLength(15)
    const subjects = (await branch.commits())
      .map(({ subject }) => subject)
      .filter((it) => it.startsWith('preview'))
    expect(new Set(subjects).size).toBe(200)
    expect(subjects).toHaveLength(200)
  }, 60_000)

  it('1 000 changes at once take at most 25 pushes, one commit each', async () => {
    const repository = git().open()
    await repository.view()
    await Promise.all(Array.from({ length: 1000 }, (_, index) => repository.change(creation(index + 1))))
    const pushes = git().server.requests.filter((request) => /^POST .*receive-pack$/.test(request))
    expect(pushes.length).toBeLessThanOrEqual(25)
    expect(await git().server.branch.commits()).toHaveLength(1001)
    expect((await repository.view()).manifests()).toHaveLength(1000)
  })

  it('changes that come during a push go together in the next', async () => {
    const repository = git().open()
    const first = repository.change(creation(1))
    await repository.view()
    const more = [2, 3, 4].map((number) => repository.change(creation(number)))
    await Promise.all([first, ...more])
    const pushes = git().server.requests.filter((request) => /^POST .*receive-pack$/.test(request))
    expect(pushes.length).toBeLessThanOrEqual(2)
    expect((await git().server.branch.commits()).length).toBe(5)
  })

  it('gives up in words when others are faster until the deadline', async () => {
    const repository = git().open({ pushDeadlineMs: 0 })
    await repository.view()
    await git().server.branch.commitForeign({ 'x.md': 'x' })
    await expect(repository.change(creation(1))).rejects.toMatchObject({
      name: 'RetryLater',
      message: expect.stringMatching(/keeps moving/) as string,
    })
  })

  it('keeps the push budget', async () => {
    const slept: number[] = []
    let now = Date.UTC(2026, 0, 1)
    const clock = {
      now: () => new Date(now),
      monotonicMs: () => now,
      sleep: (ms: number, signal?: AbortSignal) => {
        // The patience with questions is no waiting for tokens.
        if (signal !== undefined && ms === 5_000) return new Promise<void>(() => undefined)
        slept.push(ms)
        now += ms
        return Promise.resolve()
      },
    }
    const repository = git().open({ clock, pushes: { perMinute: 6, burst: 2 } })
    for (const number of [1, 2, 3, 4]) await repository.change(creation(number))
    expect(slept).toEqual([10_000, 10_000])
  })
})

describe('a large directory', () => {
  it('with a long history tells of its oldest preview, and asks no further than it must', async () => {
    const { branch, directory } = git().server
    await branch.commitForeign({ [pathOf(1)]: manifestOf(1) })
    await longHistory(directory, 2_500)
    const repository = git().open()
    const view = await repository.view()
    expect(view.historyOf(previewId('shop', 1))).toMatchObject({ deploys: 1, removed: false })
    expect(view.historyOf(previewId('shop', 1))?.createdAt).toEqual(new Date(1_700_000_001_000))
    // Trees of old commits stayed on the server; a push does not miss them.
    expect(await repository.change(creation(2))).toMatchObject({ kind: 'pushed' })
    await branch.git('fsck', '--strict')
  })

  it('gets a new clone when many packs have piled up, and goes on', async () => {
    const repository = git().open({ packLimit: 3 })
    for (const number of [1, 2, 3, 4, 5]) await repository.change(creation(number))
    const fetches = () => git().server.requests.filter((request) => request.endsWith('upload-pack')).length
    await eventually(() => fetches() > 4)
    expect(await repository.change(creation(6))).toMatchObject({ kind: 'pushed' })
    expect((await repository.refresh()).manifests()).toHaveLength(6)
    expect((await repository.view()).historyOf(previewId('shop', 1))).toMatchObject({ deploys: 1 })
  })

  it('of 2 000 files is read in bulk, and a change does not ask for it again', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [pathOf(index + 1), manifestOf(index + 1)]),
    )
    await git().server.branch.commitForeign(files)
    const repository = git().open()
    expect((await repository.view()).manifests()).toHaveLength(2000)
    expect(git().server.requests.length).toBeLessThan(15)
    const before = git().server.requests.length
    expect(await repository.change(creation(2001))).toMatchObject({ kind: 'pushed' })
    expect(git().server.requests.slice(before)).toEqual([
      expect.stringMatching(/^GET .*receive-pack$/),
      expect.stringMatching(/^POST .*receive-pack$/),
    ])
  })
})

/** The creation of `shop/1`, and so many commits after it that say nothing of it. */
async function longHistory(directory: string, count: number): Promise<void> {
  const commits = Array.from({ length: count }, (_, index) => {
    const subject =
      index === 0 ? 'preview shop-1: create at a\n\nMayfly-Preview: shop/1\nMayfly-Sha: a\n' : 'note\n'
    const from = index === 0 ? 'from refs/heads/dynamic-envs^0\n' : ''
    const head = `commit refs/heads/dynamic-envs\ncommitter M <m@x> ${1_700_000_001 + index} +0000\n`
    return `${head}data ${subject.length}\n${subject}${from}M 100644 inline n/${index}\ndata 1\nx\n`
  })
  const importing = promisify(execFile)('git', ['-C', directory, 'fast-import', '--quiet'])
  importing.child.stdin?.end(commits.join(''))
  await importing
}
