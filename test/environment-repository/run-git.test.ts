import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { gitEnvironment } from '../../src/environment-repository/git/git-environment.ts'
import { GitError } from '../../src/environment-repository/git/git-error.ts'
import { runGit } from '../../src/environment-repository/git/run-git.ts'
import { eventually } from '../support/eventually.ts'

const credentials = { username: 'mayfly', token: 'canary-token-0123456789' }
let folder = ''
const servers: Server[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mayfly-run-git-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await rm(folder, { recursive: true, force: true })
})

/** A program in the place of git. */
async function insteadOfGit(script: string): Promise<Record<string, string>> {
  await writeFile(join(folder, 'git'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'git'), 0o755)
  return environment({ PATH: `${folder}:/usr/bin:/bin` })
}

function environment(base: Record<string, string | undefined> = process.env, timeoutMs = 20_000) {
  return gitEnvironment({ base, url: 'https://git.acme.dev/e.git', credentials, sshKey: null, timeoutMs })
}

function failureOf(call: Promise<unknown>): Promise<GitError['failure'] | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => (error instanceof GitError ? error.failure : undefined),
  )
}

it('an exit code of 1 with nothing on stderr is a failure, and an answer only where it is accepted', async () => {
  const call = { args: ['config', '--get', 'no.such'], environment: environment(), timeoutMs: 20_000 }
  expect(await failureOf(runGit(call))).toMatchObject({ code: 1, stderr: '', timedOut: false })
  expect((await runGit({ ...call, accept: [1] })).code).toBe(1)
})

it('an accepted code is an answer with words on stderr too', async () => {
  const environment = await insteadOfGit('echo words >&2; echo out; exit 128')
  const answer = await runGit({ args: ['log'], environment, timeoutMs: 20_000, accept: [128] })
  expect(answer).toEqual({ code: 128, stdout: Buffer.from('out\n') })
})

it('an end by a signal is a failure', async () => {
  const environment = await insteadOfGit('kill -9 $$')
  expect(await failureOf(runGit({ args: ['push'], environment, timeoutMs: 20_000 }))).toMatchObject({
    verb: 'push',
    code: null,
  })
})

it('stdin ends, also when there is nothing to say', async () => {
  const environment = await insteadOfGit('cat; echo end')
  const call = { args: ['cat-file'], environment, timeoutMs: 20_000 }
  expect((await runGit(call)).stdout.toString()).toBe('end\n')
  expect((await runGit({ ...call, input: '' })).stdout.toString()).toBe('end\n')
  expect((await runGit({ ...call, input: 'words\n' })).stdout.toString()).toBe('words\nend\n')
})

it('bytes come through as they are', async () => {
  const bytes = Buffer.from([0, 255, 128, 10, 0, 200])
  const environment = await insteadOfGit('cat')
  expect((await runGit({ args: ['cat-file'], environment, timeoutMs: 20_000, input: bytes })).stdout).toEqual(
    bytes,
  )
})

it('git knows of the world what the environment says, and nothing of ours', async () => {
  const environment = await insteadOfGit('env')
  process.env['GIT_DIR'] = '/canary'
  try {
    const { stdout } = await runGit({ args: ['version'], environment, timeoutMs: 20_000 })
    const names = stdout
      .toString()
      .split('\n')
      .map((line) => line.split('=')[0] ?? '')
    const known = [
      ...Object.keys(environment),
      'GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS',
      'PWD',
      '_',
      'SHLVL',
      'OLDPWD',
      '',
    ]
    expect(names.filter((name) => !known.includes(name))).toEqual([])
    expect(stdout.toString()).not.toContain('/canary')
  } finally {
    delete process.env['GIT_DIR']
  }
})

it('without a git it says what to install', async () => {
  const call = runGit({ args: ['version'], environment: environment({ PATH: folder }), timeoutMs: 20_000 })
  await expect(call).rejects.toThrow('git was not found: install git 2.39 or newer')
})

it('a server that never answers leaves nothing behind, and the call settles', async () => {
  const server = createServer(() => undefined)
  servers.push(server)
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    }),
  )
  const url = `http://127.0.0.1:${port}/e.git`
  const timeoutMs = 4_000
  const failure = await failureOf(
    runGit({ args: ['ls-remote', '--', url], environment: environment(process.env, timeoutMs), timeoutMs }),
  )
  expect(failure).toMatchObject({ verb: 'ls-remote' })
  await eventually(async () => {
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'])
    expect(stdout).not.toContain(url)
  })
})

it('law 10: whatever DEBUG says, the library prints no environment', async () => {
  const script = `
    import { runGit } from './src/environment-repository/git/run-git.ts'
    import { gitEnvironment } from './src/environment-repository/git/git-environment.ts'
    const credentials = ${JSON.stringify(credentials)}
    const environment = gitEnvironment({ base: process.env, url: 'https://git.acme.dev/e.git', credentials, sshKey: null, timeoutMs: 9000 })
    await runGit({ args: ['version'], environment, timeoutMs: 9000 })
  `
  const env = { ...process.env, DEBUG: 'simple-git*,*' }
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env, cwd: join(import.meta.dirname, '../..') },
  )
  const encoded = Buffer.from(`${credentials.username}:${credentials.token}`).toString('base64')
  expect(stdout + stderr).not.toContain('simple-git')
  expect(stdout + stderr).not.toContain(encoded)
})

it.each([9_000, 30_000, 120_000])(
  'a server that says nothing ends git from inside before %i ms are over, over ssh as over http',
  (timeoutMs) => {
    const environment = gitEnvironment({
      base: {},
      url: 'git@git.acme.dev:acme/environments.git',
      credentials: null,
      sshKey: '/run/key',
      timeoutMs,
    })
    expect(Number(environment['GIT_HTTP_LOW_SPEED_TIME']) * 1000).toBeLessThan(timeoutMs)
    const [, interval, count] =
      / -o ServerAliveInterval=(\d+) -o ServerAliveCountMax=(\d+) /.exec(
        environment['GIT_SSH_COMMAND'] ?? '',
      ) ?? []
    expect(Number(interval) * Number(count) * 1000).toBeGreaterThan(0)
    expect(Number(interval) * Number(count) * 1000).toBeLessThan(timeoutMs)
    expect(environment['GIT_SSH_COMMAND']).toContain('-o BatchMode=yes')
  },
)
