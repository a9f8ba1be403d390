import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GitServerVerdict, startGitServer } from '../../src/sandbox/git-server.ts'
import { type Branch, openBranch } from './branch.ts'

/** A real Git server with one environment repository, and switches for all that can go wrong. */
export interface TestGitServer {
  /** Of the repository. */
  readonly url: string
  /** Temporary, removed by `close`: for caches and the like. */
  readonly folder: string
  /** The bare repository on disk. */
  readonly directory: string
  readonly branch: Branch
  /** Method, path and query of every request so far. */
  readonly requests: readonly string[]
  /** Only these credentials are let in, as HTTP basic; null: everybody. */
  requireBasic(credentials: { readonly username: string; readonly token: string } | null): void
  /** Decides about every request after the credentials; null: all are served. */
  fault(decide: ((request: GitRequest) => GitServerVerdict | undefined) | null): void
  /** Installs a pre-receive hook (a shell script's body), or takes it away. */
  preReceive(script: string | null): Promise<void>
  close(): Promise<void>
}

export interface GitRequest {
  readonly method: string
  readonly url: string
  /** The POST that updates refs. */
  readonly isPush: boolean
  readonly authorization: string | undefined
}

/** `files`: the first commit of `dynamic-envs`; null leaves the repository empty. */
export async function startTestGitServer(
  files: Readonly<Record<string, string>> | null = { 'README.md': 'Environments of acme\n' },
  path = 'environments.git',
): Promise<TestGitServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-git-'))
  const requests: string[] = []
  let expected: string | null = null
  let decide: ((request: GitRequest) => GitServerVerdict | undefined) | null = null
  const server = await startGitServer({
    root: join(folder, 'server'),
    path: process.env['PATH'] ?? '',
    guard: ({ method = '', url = '', headers }) => {
      requests.push(`${method} ${url}`)
      const { authorization } = headers
      if (expected !== null && authorization !== expected) return unauthorised
      const isPush = method === 'POST' && url.endsWith('/git-receive-pack')
      return decide?.({ method, url, isPush, authorization }) ?? { kind: 'serve' }
    },
  })
  const directory = await server.createRepository(path)
  const branch = openBranch(directory)
  if (files !== null) await branch.commitForeign(files, 'seed')
  return {
    url: `${server.url}/${path}`,
    folder,
    directory,
    branch,
    requests,
    requireBasic(credentials) {
      expected =
        credentials === null
          ? null
          : `Basic ${Buffer.from(`${credentials.username}:${credentials.token}`).toString('base64')}`
    },
    fault(next) {
      decide = next
    },
    async preReceive(script) {
      const hook = join(directory, 'hooks', 'pre-receive')
      if (script === null) await rm(hook, { force: true })
      else await writeFile(hook, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    },
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}

const unauthorised: GitServerVerdict = {
  kind: 'refuse',
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="git"' },
}
