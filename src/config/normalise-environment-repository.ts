import type { EnvironmentRepositoryConfig } from './config.ts'
import { parseGitUrl } from './git-url.ts'
import type { ConfigDocument } from './schema.ts'
import { secret } from './secret.ts'

type RepositoryDocument = ConfigDocument['environmentRepository']

export function normaliseEnvironmentRepository(repository: RepositoryDocument): EnvironmentRepositoryConfig {
  const url = repository.url.replace(/\/+$/, '')
  return {
    url,
    branch: repository.branch,
    directory: withoutSlash(repository.directory),
    layout: repository.layout,
    templates: withoutSlash(repository.templates),
    token: repository.token === undefined ? null : secret(repository.token),
    username: repository.username,
    sshKey: repository.sshKey ?? null,
    createBranch: String(repository.createBranch) === 'true',
    committer: normaliseCommitter(repository.committer),
    pushes: {
      perMinute: Number(repository.pushes.perMinute ?? pushesOf(url)),
      burst: Number(repository.pushes.burst),
    },
  }
}

/** GitHub recommends at most six pushes a minute to one repository. */
function pushesOf(url: string): number {
  return parseGitUrl(url)?.host === 'github.com' ? 6 : 60
}

function withoutSlash(directory: string): string {
  return directory.replace(/\/+$/, '')
}

function normaliseCommitter(text: string): EnvironmentRepositoryConfig['committer'] {
  const [, name = '', email = ''] = /^(.*) <(.*)>$/.exec(text) ?? []
  return { name: name.trim(), email }
}
