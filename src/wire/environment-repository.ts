import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock, Random } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { processEnvironment } from '../config/environment.ts'
import { createGitEnvironmentRepository } from '../environment-repository/git/create-git-environment-repository.ts'
import type { PushMeasure } from '../environment-repository/git/options.ts'
import type { Edit, EnvironmentRepository } from '../environment-repository/port.ts'
import type { Log } from '../log.ts'

export interface EnvironmentParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onPush: (push: PushMeasure) => void
}

/** The environment repository of a configuration, with a clone of its own that ends with it. */
export function createEnvironmentRepository(config: Config, parts: EnvironmentParts): EnvironmentRepository {
  const { token, username, ...settings } = config.environmentRepository
  const cacheDirectory = join(tmpdir(), `mayfly-${randomUUID()}`)
  const repository = createGitEnvironmentRepository({
    ...settings,
    ...parts,
    credentials: () => Promise.resolve(token === null ? null : { username, token: token.reveal() }),
    seed: settings.createBranch ? starters(settings.templates) : [],
    agentNamespace: config.agent.kind === 'none' ? 'default' : config.agent.namespace,
    cacheDirectory,
    environment: processEnvironment(),
  })
  return {
    ...repository,
    close: async () => {
      await repository.close()
      await rm(cacheDirectory, { recursive: true, force: true })
    },
  }
}

/** The starter templates, for a branch that is made here. */
function starters(templates: string): readonly Edit[] {
  const folder = fileURLToPath(new URL('../../templates', import.meta.url))
  return readdirSync(folder).map((file) => ({
    path: `${templates}/${file}`,
    content: readFileSync(join(folder, file), 'utf8'),
  }))
}
