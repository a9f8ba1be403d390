import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock, Random } from '../pace/clock.ts'
import type { Config } from '../config/config.ts'
import { cacheDirectory } from '../environment-repository/git/cache-directory.ts'
import { createGitEnvironmentRepository } from '../environment-repository/git/create-git-environment-repository.ts'
import type { GitEnvironmentRepositoryOptions, PushMeasure } from '../environment-repository/git/options.ts'
import type { Edit, EnvironmentRepository, PausableBranch } from '../environment-repository/port.ts'
import type { GithubApp } from '../forge/github/app.ts'
import type { Log } from '../log.ts'
import { createFetch } from '../network/create-fetch.ts'
import { certificateBundle } from '../network/certificate-bundle.ts'
import type { NetworkEnvironment } from '../network/proxy-for.ts'

export interface EnvironmentParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly environment: NetworkEnvironment
  readonly onPush: (push: PushMeasure) => void
  /** Apps by forge. */
  readonly apps: ReadonlyMap<string, GithubApp>
}

/** The environment repository of a configuration. Its clone stays for whoever starts next. */
export function createEnvironmentRepository(
  config: Config,
  parts: EnvironmentParts,
): EnvironmentRepository & PausableBranch {
  const { token: _token, username: _username, ...settings } = config.environmentRepository
  const cache = cacheDirectory()
  return createGitEnvironmentRepository({
    ...settings,
    ...parts,
    removalsWhilePaused: config.removalsWhilePaused,
    credentials: credentialsOf(config, parts.apps),
    seed: settings.createBranch ? starters(settings.templates) : [],
    agentNamespace: config.agent.kind === 'none' ? 'default' : config.agent.namespace,
    fetch: createFetch(parts.environment),
    cacheDirectory: cache,
    authorities: certificateBundle(parts.environment, cache),
  })
}

/** The configured token; without one, that of the App of the forge where the repository lives; else none. */
function credentialsOf(
  { environmentRepository: { token, username, url }, forges }: Config,
  apps: ReadonlyMap<string, GithubApp>,
): GitEnvironmentRepositoryOptions['credentials'] {
  if (token !== null) return () => Promise.resolve({ username, token: token.reveal() })
  const forge = forges.find((candidate) => apps.has(candidate.name) && url.startsWith(`${candidate.url}/`))
  const app = apps.get(forge?.name ?? '')
  if (forge === undefined || app === undefined) return () => Promise.resolve(null)
  const repository = url.slice(forge.url.length + 1).replace(/(?:\.git)?\/?$/, '')
  return async (refused) => {
    if (refused !== null) await app.renew(repository, refused.token)
    return { username, token: await app.token(repository) }
  }
}

/** The starter templates, for a branch that is made here. `root/` beside them is not for the branch. */
export function starters(templates: string): readonly Edit[] {
  const folder = fileURLToPath(new URL('../../templates', import.meta.url))
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ name }) => ({
    path: `${templates}/${name}`,
    content: readFileSync(join(folder, name), 'utf8'),
  }))
}
