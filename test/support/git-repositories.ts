import { join } from 'node:path'
import { systemClock } from '../../src/pace/clock.ts'
import { createFetch } from '../../src/network/create-fetch.ts'
import { createGitEnvironmentRepository } from '../../src/environment-repository/git/create-git-environment-repository.ts'
import type { GitEnvironmentRepositoryOptions } from '../../src/environment-repository/git/options.ts'
import type { EnvironmentRepository, PausableBranch } from '../../src/environment-repository/port.ts'
import { createCapturedLog } from './captured-log.ts'
import { startTestGitServer, type TestGitServer } from './git-server.ts'

/** A git server and the environment repositories opened on it, each with a cache of its own unless told otherwise. */
export interface GitRepositories {
  readonly server: TestGitServer
  open(options?: Partial<GitEnvironmentRepositoryOptions>): EnvironmentRepository & PausableBranch
  close(): Promise<void>
}

export async function gitRepositories(
  files?: Readonly<Record<string, string>> | null,
): Promise<GitRepositories> {
  const server = await startTestGitServer(files)
  const opened: EnvironmentRepository[] = []
  return {
    server,
    open(options = {}) {
      const cacheDirectory = join(server.folder, `cache-${opened.length}`)
      const repository = createGitEnvironmentRepository({
        ...optionsFor(server.url, cacheDirectory),
        ...options,
      })
      opened.push(repository)
      return repository
    },
    async close() {
      await Promise.all(opened.map((repository) => repository.close()))
      await server.close()
    },
  }
}

export function optionsFor(url: string, cacheDirectory: string): GitEnvironmentRepositoryOptions {
  return {
    url,
    cacheDirectory,
    branch: 'dynamic-envs',
    directory: 'apps',
    layout: 'files',
    templates: 'templates',
    fetch: createFetch({}),
    credentials: () => Promise.resolve(null),
    sshKey: null,
    createBranch: false,
    removalsWhilePaused: false,
    seed: [],
    agentNamespace: 'argocd',
    committer: { name: 'Mayfly', email: 'mayfly@localhost' },
    pushes: { perMinute: Number.POSITIVE_INFINITY, burst: 10 },
    environment: { PATH: process.env['PATH'] },
    clock: systemClock,
    random: Math.random,
    log: createCapturedLog(),
  }
}
