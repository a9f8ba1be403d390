import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGitEnvironmentRepository } from '../../src/environment-repository/git/create-git-environment-repository.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { type GitRepositories, gitRepositories, optionsFor } from '../support/git-repositories.ts'
import { creation } from '../support/proposed-changes.ts'

const token = 'canary-token-0123456789'
const encoded = Buffer.from(`mayfly:${token}`).toString('base64')
const test: { git?: GitRepositories } = {}
const git = (): GitRepositories => {
  if (test.git === undefined) throw new Error('no server')
  return test.git
}

beforeEach(async () => {
  test.git = await gitRepositories()
  test.git.server.requireBasic({ username: 'mayfly', token })
})
afterEach(() => test.git?.close())

const credentials = () => Promise.resolve({ username: 'mayfly', token })

describe('law 10: the token', () => {
  it('is in no argument, no URL, no file of the clone and no log, and git sees nothing else of our environment', async () => {
    const { path, calls } = await tripwire(git().server.folder)
    const log = createCapturedLog()
    const cacheDirectory = join(git().server.folder, 'cache')
    const environment = { PATH: path, HOME: git().server.folder, OTHER_SECRET: 'canary-other' }
    const repository = git().open({ credentials, log, cacheDirectory, environment })
    expect(await repository.change(creation(1))).toMatchObject({ kind: 'pushed' })
    await repository.refresh()
    const { argv, env } = await calls()
    expect(argv).toContain('push')
    for (const secret of [token, encoded]) expect(argv).not.toContain(secret)
    expect(env).toContain(encoded)
    expect(env).not.toContain('canary-other')
    expect(git().server.requests.join('\n')).not.toContain(token)
    // Grep ends with 1 where nothing is found.
    const search = `grep -rlaE '${token}|${encoded}' '${cacheDirectory}' || true`
    expect((await promisify(execFile)('sh', ['-c', search])).stdout).toBe('')
    expect(log.text()).not.toContain(token)
  })

  it('is in no error, even when the server repeats it', async () => {
    git().server.fault(({ url }) => {
      const body = `you sent ${token} and Authorization: Basic ${encoded}`
      return url.includes('receive-pack')
        ? { kind: 'refuse', status: 403, headers: { 'content-type': 'text/plain' }, body }
        : undefined
    })
    const error: unknown = await git()
      .open({ credentials })
      .change(creation(1))
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'Stalled' })
    expect(inspect(error, { depth: null })).not.toMatch(new RegExp(`${token}|${encoded}`))
  })

  it('is asked for anew for every call, once more after a 401, and then a human is asked', async () => {
    const old = { username: 'mayfly', token: 'expired' }
    const minted = [old]
    const expiring = () => Promise.resolve(minted.shift() ?? { username: 'mayfly', token })
    const repository = git().open({ credentials: expiring })
    expect(await repository.change(creation(1))).toMatchObject({ kind: 'pushed' })
    expect(minted).toEqual([])
    await expect(
      git()
        .open({ credentials: () => Promise.resolve(old) })
        .view(),
    ).rejects.toMatchObject({
      name: 'Stalled',
      message: expect.stringMatching(/environmentRepository\.token/) as string,
    })
  })

  it('may not stand in the URL', () => {
    const url = git().server.url.replace('://', `://mayfly:${token}@`)
    const open = () => createGitEnvironmentRepository(optionsFor(url, git().server.folder))
    expect(open).toThrow(/holds credentials/)
    expect(open).not.toThrow(token)
  })
})

/** A git in front of git that writes down its arguments and environment. */
async function tripwire(folder: string) {
  const bin = join(folder, 'tripwire')
  await mkdir(bin)
  const { stdout } = await promisify(execFile)('sh', ['-c', 'command -v git'])
  const script = `#!/bin/sh\nfor a in "$@"; do echo "$a" >> "${bin}/argv.$$"; done\nenv >> "${bin}/env.$$"\nexec ${stdout.trim()} "$@"\n`
  await writeFile(join(bin, 'git'), script, { mode: 0o755 })
  const read = async (kind: string): Promise<string> => {
    const names = (await readdir(bin)).filter((name) => name.startsWith(kind))
    return (await Promise.all(names.map((name) => readFile(join(bin, name), 'utf8')))).join('\n')
  }
  return {
    path: `${bin}:${process.env['PATH'] ?? ''}`,
    calls: async () => ({ argv: await read('argv'), env: await read('env') }),
  }
}

// Git itself fetches the commit that a push lost against, without its files, and leaves it to the next reader to ask for them.
it('a private repository is read on after a lost race', async () => {
  const [one, other] = [git().open({ credentials }), git().open({ credentials })]
  await Promise.all([one.view(), other.view()])
  for (const number of [1, 2, 3]) {
    await one.change(creation(number))
    expect(await other.change(creation(number + 10))).toMatchObject({ kind: 'pushed' })
  }
  expect((await other.view()).manifests()).toHaveLength(6)
})

it('a private repository is read on when its branch goes back to an old commit', async () => {
  const writer = git().open({ credentials })
  await writer.change(creation(1))
  const old = await git().server.branch.tip()
  for (const number of [2, 3]) await writer.change(creation(number))
  const reader = git().open({ credentials })
  expect((await reader.view()).manifests()).toHaveLength(3)
  await git().server.branch.git('update-ref', 'refs/heads/dynamic-envs', old)
  expect((await reader.refresh()).manifests()).toHaveLength(1)
})
