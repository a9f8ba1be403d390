import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimDirectory } from '../../src/environment-repository/git/claim-directory.ts'
import type { Change, EnvironmentRepository } from '../../src/environment-repository/port.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { type GitRepositories, gitRepositories } from '../support/git-repositories.ts'
import { isThorough } from '../support/thorough.ts'
import { creation, manifestOf, pathOf, removal } from '../support/proposed-changes.ts'

const test: { git?: GitRepositories } = {}
const git = (): GitRepositories => {
  if (test.git === undefined) throw new Error('no server')
  return test.git
}
const subjects = async (): Promise<string[]> =>
  (await git().server.branch.commits()).map(({ subject }) => subject)

beforeEach(async () => {
  test.git = await gitRepositories({ 'README.md': 'acme\n', 'apps/mayfly.yml': 'kind: ConfigMap\n' })
})
afterEach(() => test.git?.close())

describe('a push whose answer never comes', () => {
  // Git's HTTP library sends a POST once more by itself when a kept connection dies.
  it.each([1, 5])('leaves one commit and no doubt, cut %i times after the work was done', async (times) => {
    const repository = git().open()
    await repository.view()
    let cuts = times
    git().server.fault(({ isPush }) => (isPush && cuts-- > 0 ? { kind: 'serve-then-drop' } : undefined))
    const result = await repository.change(creation(1))
    expect(result).toEqual({ kind: 'pushed', commit: await git().server.branch.tip() })
    git().server.fault(null)
    expect(await repository.change(creation(1))).toMatchObject({ kind: 'unchanged' })
    expect((await subjects()).filter((subject) => subject.startsWith('preview'))).toHaveLength(1)
    expect(await repository.change(removal(1))).toMatchObject({ kind: 'pushed' })
  })

  it('is tried again later when it was cut before the work was done', async () => {
    const repository = git().open()
    await repository.view()
    git().server.fault(({ isPush }) => (isPush ? { kind: 'drop' } : undefined))
    await expect(repository.change(creation(1))).rejects.toMatchObject({ name: 'RetryLater' })
    git().server.fault(null)
    expect(await repository.change(creation(1))).toMatchObject({ kind: 'pushed' })
    expect((await subjects()).filter((subject) => subject.startsWith('preview'))).toHaveLength(1)
  })

  it('is settled by a later look when the server stays away', async () => {
    const repository = git().open()
    await repository.view()
    let isAway = false
    git().server.fault(({ isPush }) => {
      if (isAway) return { kind: 'drop' }
      if (!isPush) return undefined
      isAway = true
      return { kind: 'serve-then-drop' }
    })
    await expect(repository.change(creation(1))).rejects.toMatchObject({ name: 'RetryLater' })
    git().server.fault(null)
    // Within the same second the same wish is the same commit.
    expect((await repository.change(creation(1))).kind).toMatch(/^(unchanged|pushed)$/)
    expect((await repository.view()).manifestsOf(previewId('shop', 1))).toHaveLength(1)
    expect((await subjects()).filter((subject) => subject.startsWith('preview'))).toHaveLength(1)
  })
})

describe('a server that says no', () => {
  it.each([
    [
      '/acme/previews.git/info/refs?service=git-upload-pack',
      /has moved to (http:\/\/127.0.0.1:\d+\/acme\/previews.git): .*set environmentRepository.url/,
    ],
    [
      'https://git.acme.dev/new.git/info/refs?service=git-upload-pack',
      /has moved to https:\/\/git.acme.dev\/new.git:/,
    ],
    ['https://me:canary@git.acme.dev/new/info/refs', /has moved to https:\/\/git.acme.dev\/new:/],
    ['/users/sign_in', /has moved \(.*301\): set environmentRepository.url to where it lives now/],
  ])('says where it moved to when it answers 301 and %s', async (location, words) => {
    git().server.fault(() => ({
      kind: 'refuse',
      status: 301,
      headers: { location },
    }))
    const error = await git()
      .open()
      .view()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'Stalled', message: expect.stringMatching(words) as string })
    expect(String(error)).not.toContain('canary')
  })

  it.each([
    [500, 'RetryLater'],
    [503, 'RetryLater'],
    [429, 'RetryLater'],
    [403, 'Stalled'],
    [404, 'Stalled'],
    [401, 'Stalled'],
    [301, 'Stalled'],
  ])('%i while pushing is %s, and all is well afterwards', async (status, name) => {
    const repository = git().open()
    await repository.view()
    git().server.fault(({ url }) => (url.includes('receive-pack') ? { kind: 'refuse', status } : undefined))
    await expect(repository.change(creation(1))).rejects.toMatchObject({ name })
    git().server.fault(null)
    expect(await repository.change(creation(1))).toMatchObject({ kind: 'pushed' })
  })

  it.each([
    [500, 'RetryLater'],
    [403, 'Stalled'],
  ])('%i from the first question on is %s', async (status, name) => {
    git().server.fault(() => ({ kind: 'refuse', status }))
    const repository = git().open()
    await expect(repository.view()).rejects.toMatchObject({ name })
    git().server.fault(null)
    expect((await repository.view()).manifests()).toEqual([])
  })

  it('stalls on a hook, with the words of the server', async () => {
    await git().server.preReceive(
      'cat >/dev/null; echo "GH006: the branch is protected, ask acme" >&2; exit 1',
    )
    const repository = git().open()
    await expect(repository.change(creation(1))).rejects.toMatchObject({
      name: 'Stalled',
      message: expect.stringMatching(/GH006: the branch is protected, ask acme/) as string,
    })
  })

  it('law 11: one commit that a hook refuses does not hold up the others', async () => {
    await git().server.preReceive(
      'while read old new ref; do git log --format=%s "$old..$new" | grep -q "shop-5:" && { echo "not this one" >&2; exit 1; }; done; exit 0',
    )
    const repository = git().open()
    const changes = Array.from({ length: 12 }, (_, index) => repository.change(creation(index + 1)))
    const results = await Promise.allSettled(changes)
    const refused = results.flatMap((result, index) => (result.status === 'rejected' ? [index + 1] : []))
    expect(refused).toEqual([5])
    expect(await git().server.branch.files()).toHaveLength(11)
  })

  describe.each([
    { hook: 'names the author', says: 'Commit author $author is not a member of acme' },
    { hook: 'names nobody', says: 'not a member of acme' },
  ])('law 11 and 12: a rule that refuses a third of the authors and $hook', ({ says }) => {
    const all = isThorough ? 60 : 24
    const bad = all / 3
    const isBad = (number: number): boolean => number % 3 === 1
    const author = (number: number) => {
      const name = `${isBad(number) ? 'bad' : 'good'}${number}`
      return { login: name, name, email: `${name}@acme.dev`, bot: false }
    }
    const pushes = (): number =>
      git().server.requests.filter((request) => /^POST .*receive-pack$/.test(request)).length

    beforeEach(async () => {
      await git().server.preReceive(
        `while read old new ref; do author=$(git log --format=%an "$old..$new" | grep -m1 ^bad) && { echo "${says}" >&2; exit 1; }; done; exit 0`,
      )
    })

    it('takes the others in few pushes, and tells each of them its own fault alone', async () => {
      const repository = git().open()
      const wishes = Array.from({ length: all }, (_, index) =>
        creation(index + 1, { author: author(index + 1) }),
      )
      const told = await settleAll(repository, wishes)
      expect(await git().server.branch.files()).toHaveLength((all * 2) / 3)
      for (const [index, reason] of told.entries()) {
        if (isBad(index + 1))
          expect(reason).toContain(
            says
              .replace('$author', `bad${index + 1} `)
              .trim()
              .slice(0, 12),
          )
        else expect(reason).toBe('')
        expect(reason).not.toMatch(new RegExp(`bad(?!${index + 1}\\b)`))
      }
      // At 60 pushes a minute and 10 at once: 60 within a minute where the author is named.
      expect(pushes()).toBeLessThanOrEqual(
        says.includes('$author') ? 1 + 2 * bad : 1.3 * bad * Math.log2(all),
      )
    })

    it('remembers who was refused alone: the next push of others is not spoilt', async () => {
      const repository = git().open()
      await expect(repository.change(creation(1, { author: author(1) }))).rejects.toThrow('not a member')
      const before = pushes()
      const again = [1, 2, 3, 5, 6, 8].map((number) => creation(number, { author: author(number) }))
      // Another preview of the same author is a suspect too.
      const results = await Promise.allSettled(
        [...again, creation(9, { author: author(1) })].map(repository.change),
      )
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
        false,
        true,
        true,
        true,
        true,
        true,
        false,
      ])
      expect(pushes() - before).toBe(3)
      await git().server.preReceive(null)
      const all = await Promise.all(
        [1, 4, 7].map((number) => repository.change(creation(number, { author: author(number) }))),
      )
      expect(all.every(({ kind }) => kind === 'pushed')).toBe(true)
    })
  })

  it('where everything is refused few are tried alone, and the others only learn that they come again', async () => {
    await git().server.preReceive('cat >/dev/null; echo "protected branch" >&2; exit 1')
    const repository = git().open()
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => repository.change(creation(index + 1))),
    )
    const reasons = results.map((result) => (result.status === 'rejected' ? String(result.reason) : ''))
    expect(reasons.filter((reason) => reason.includes('protected branch')).length).toBeGreaterThan(1)
    expect(reasons.filter((reason) => reason.includes('not been tried alone')).length).toBeGreaterThan(50)
    const pushes = git().server.requests.filter((request) => /^POST .*receive-pack$/.test(request))
    expect(pushes.length).toBeLessThan(45)
  })

  it('law 11: a question that takes for ever does not hold up the others', async () => {
    const repository = git().open()
    let answer = (_wanted: boolean): void => undefined
    const slow = repository.change(
      creation(1, { stillWanted: () => new Promise((resolve) => (answer = resolve)) }),
    )
    expect(await repository.change(creation(2))).toMatchObject({ kind: 'pushed' })
    answer(true)
    expect(await slow).toMatchObject({ kind: 'pushed' })
  })
})

describe('the branch under other hands', () => {
  it('goes on from the new tip when the branch was rewritten, with an alarm, and brings nothing back', async () => {
    const log = createCapturedLog()
    const repository = git().open({ log })
    await repository.change(creation(1))
    const kept = await git().server.branch.tip()
    await git().server.branch.commitForeign({ 'secret.txt': 'oops\n' })
    await repository.change(creation(2))
    await git().server.branch.git('update-ref', 'refs/heads/dynamic-envs', kept)
    expect(await repository.change(creation(3))).toMatchObject({ kind: 'pushed' })
    expect(await git().server.branch.files()).toEqual(['shop-1.yml', 'shop-3.yml'])
    expect(await git().server.branch.git('ls-tree', '--name-only', 'refs/heads/dynamic-envs')).not.toContain(
      'secret',
    )
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({
        sentence: 'The environment branch was rewritten: going on from its new tip',
      }),
    ])
  })

  it('stalls when the branch is gone, and never makes it by itself', async () => {
    const repository = git().open()
    await repository.change(creation(1))
    await git().server.branch.git('update-ref', '-d', 'refs/heads/dynamic-envs')
    await expect(repository.change(creation(2))).rejects.toMatchObject({
      name: 'Stalled',
      message: expect.stringMatching(/createBranch: true/) as string,
    })
    await expect(repository.refresh()).rejects.toMatchObject({ name: 'Stalled' })
    expect(await git().server.branch.git('for-each-ref')).toBe('')
  })

  it('makes a missing branch when told so, with the seed and a history of its own', async () => {
    await git().server.branch.git('update-ref', 'refs/heads/main', await git().server.branch.tip())
    await git().server.branch.git('update-ref', '-d', 'refs/heads/dynamic-envs')
    const seed = [{ path: 'templates/preview.yaml.hbs', content: 'kind: x\n' }]
    const main = await git().server.branch.git('rev-parse', 'refs/heads/main')
    const repository = git().open({ createBranch: true, seed })
    expect(await repository.template(await repository.view(), 'preview.yaml.hbs')).toMatchObject({
      text: 'kind: x\n',
    })
    expect(await repository.change(creation(1))).toMatchObject({ kind: 'pushed' })
    const names = await git().server.branch.git('ls-tree', '-r', '--name-only', 'refs/heads/dynamic-envs')
    expect(names.trim().split('\n')).toEqual([
      'README.md',
      'apps/mayfly.yml',
      pathOf(1),
      'templates/preview.yaml.hbs',
    ])
    expect(await git().server.branch.git('rev-parse', 'refs/heads/main')).toBe(main)
    expect(await git().server.branch.commits()).toHaveLength(2)
  })

  it('puts the inert object back before the first change, in a commit of its own', async () => {
    await git().server.branch.commitForeign({ 'apps/mayfly.yml': null, [pathOf(1)]: manifestOf(1) })
    const repository = git().open()
    await repository.change(removal(1))
    const commits = await git().server.branch.commits()
    expect(commits.slice(-2).map(({ touched }) => touched)).toEqual([
      ['A apps/mayfly.yml'],
      [`D ${pathOf(1)}`],
    ])
    expect((await repository.view()).ownerOf('apps/mayfly.yml')).toBe('foreign')
  })

  it('law 7: other refs stay, history only grows, foreign files stay byte-identical', async () => {
    const { branch } = git().server
    await branch.commitForeign({ 'apps/by-hand.yml': 'a: b\r\n# to the byte' })
    await branch.git('update-ref', 'refs/heads/main', await branch.tip())
    await branch.git('update-ref', 'refs/tags/v1', await branch.tip())
    const refs = await branch.git('for-each-ref', 'refs/heads/main', 'refs/tags')
    const before = await branch.tip()
    const repository = git().open()
    await Promise.all([1, 2, 3].map((number) => repository.change(creation(number))))
    await Promise.all([1, 2].map((number) => repository.change(removal(number))))
    expect(await branch.git('for-each-ref', 'refs/heads/main', 'refs/tags')).toBe(refs)
    expect(await branch.git('for-each-ref', '--format=%(refname)')).toBe(
      'refs/heads/dynamic-envs\nrefs/heads/main\nrefs/tags/v1\n',
    )
    await branch.git('merge-base', '--is-ancestor', before, 'refs/heads/dynamic-envs')
    expect(await branch.file('apps/by-hand.yml')).toBe('a: b\r\n# to the byte')
    await branch.git('fsck', '--strict')
  })
})

describe('a clone that does not work', () => {
  const damages: Readonly<Record<string, (clone: string) => Promise<void>>> = {
    'a truncated pack': async (clone) => {
      for (const file of await packFiles(clone)) if (file.endsWith('.pack')) await truncate(file, 20)
    },
    'no objects': (clone) => rm(join(clone, 'objects'), { recursive: true }),
    'no directory': (clone) => rm(clone, { recursive: true }),
    'an empty index of a pack': async (clone) => {
      for (const file of await packFiles(clone)) if (file.endsWith('.idx')) await truncate(file, 0)
    },
    'a lock left by the dead': async (clone) => {
      await writeFile(join(clone, 'shallow.lock'), '')
      await writeFile(join(clone, 'refs', 'mayfly', 'next.lock'), '')
      await writeFile(join(clone, 'refs', 'heads', 'dynamic-envs.lock'), '')
    },
    'a config of nonsense': (clone) => writeFile(join(clone, 'config'), '[core\n'),
  }

  it.each(Object.keys(damages))('%s: made anew, while running and at the next start', async (name) => {
    const cacheDirectory = join(git().server.folder, 'cache')
    const repository = git().open({ cacheDirectory })
    await repository.change(creation(1))
    const clone = join(
      cacheDirectory,
      (await readdir(cacheDirectory)).find((entry) => !entry.endsWith('.owner')) ?? '',
    )
    await damages[name]?.(clone)
    expect(await repository.change(creation(2))).toMatchObject({ kind: 'pushed' })
    await git().server.branch.commitForeign({ [pathOf(3)]: manifestOf(3) })
    expect((await repository.refresh()).manifests()).toHaveLength(3)
    await repository.close()
    await damages[name]?.(clone)
    const next = git().open({ cacheDirectory })
    expect((await next.view()).manifests()).toHaveLength(3)
    expect(await next.change(creation(4))).toMatchObject({ kind: 'pushed' })
    expect((await next.view()).historyOf(previewId('shop', 1))).toMatchObject({ deploys: 1 })
    expect(await git().server.branch.files()).toHaveLength(4)
  })

  it('is used again after a restart', async () => {
    const cacheDirectory = join(git().server.folder, 'cache')
    const first = git().open({ cacheDirectory })
    await first.change(creation(1))
    await first.close()
    await git().server.branch.commitForeign({ [pathOf(2)]: manifestOf(2) })
    const clones = git().server.requests.length
    const second = git().open({ cacheDirectory })
    expect((await second.view()).manifests()).toHaveLength(2)
    expect((await second.view()).historyOf(previewId('shop', 1))).toMatchObject({
      deploys: 1,
      removed: false,
    })
    expect(git().server.requests.length).toBeGreaterThan(clones)
    expect(await second.change(creation(3))).toMatchObject({ kind: 'pushed' })
  })

  it('is not shared by two that use the same cache at once', async () => {
    const cacheDirectory = join(git().server.folder, 'cache')
    const both: EnvironmentRepository[] = [git().open({ cacheDirectory }), git().open({ cacheDirectory })]
    await Promise.all(both.map((repository) => repository.view()))
    const results = await Promise.all(both.map((repository, index) => repository.change(creation(index + 1))))
    expect(results.map(({ kind }) => kind)).toEqual(['pushed', 'pushed'])
  })

  it('is claimed by one alone when two ask at once', async () => {
    const cache = join(git().server.folder, 'cache')
    // Which of them is faster is luck: often enough, each of the orders comes.
    for (let round = 0; round < 50; round++) {
      const [one, two] = await Promise.all([claimDirectory(cache, 'acme'), claimDirectory(cache, 'acme')])
      expect(one.path).not.toBe(two.path)
      await Promise.all([one.release(), two.release()])
    }
  })

  it('on a disk that cannot be written is a matter of waiting', async () => {
    const cacheDirectory = join(git().server.folder, 'a-file')
    await writeFile(cacheDirectory, '')
    await expect(git().open({ cacheDirectory }).view()).rejects.toMatchObject({ name: 'RetryLater' })
  })
})

async function packFiles(clone: string): Promise<string[]> {
  const folder = join(clone, 'objects', 'pack')
  return (await readdir(folder)).map((name) => join(folder, name))
}

describe('a server without comfort', () => {
  it('works when it can neither filter nor give single objects', async () => {
    await git().server.branch.git('config', 'uploadpack.allowFilter', 'false')
    await git().server.branch.git('config', 'uploadpack.allowAnySHA1InWant', 'false')
    await git().server.branch.commitForeign({ [pathOf(1)]: manifestOf(1) })
    const repository = git().open()
    expect((await repository.view()).manifests()).toHaveLength(1)
    expect(await repository.change(creation(2))).toMatchObject({ kind: 'pushed' })
    await git().server.branch.commitForeign({ [pathOf(3)]: manifestOf(3) })
    expect((await repository.refresh()).manifests()).toHaveLength(3)
  })

  it('works on a file address', async () => {
    const repository = git().open({ url: `file://${git().server.directory}` })
    await git().server.branch.commitForeign({ [pathOf(1)]: manifestOf(1) })
    expect((await repository.view()).manifests()).toHaveLength(1)
    expect(await repository.change(creation(2))).toMatchObject({ kind: 'pushed' })
    expect(await readFile(join(git().server.directory, 'HEAD'), 'utf8')).toContain('ref:')
  })
})

/** Asks again for those that were not tried alone, as the queue does; gives what each was told at last, empty when it was taken. */
async function settleAll(repository: EnvironmentRepository, wishes: readonly Change[]): Promise<string[]> {
  const told = wishes.map(() => 'not tried alone')
  for (let round = 0; round < 10 && told.some((reason) => reason.includes('tried alone')); round++)
    await Promise.all(
      wishes.map(async (wish, index) => {
        if (!told[index]?.includes('tried alone')) return
        told[index] = await repository.change(wish).then(() => '', String)
      }),
    )
  return told
}
