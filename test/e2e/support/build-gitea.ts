import { join } from 'node:path'
import { buildGoModule, type GoModule, goModuleSources } from './go-module.ts'

const gitea: GoModule = {
  folder: 'gitea',
  about: 'Gitea',
  minutes: 4,
  programs: ['gitea'],
  args: ['-tags', 'sqlite sqlite_unlock_notify', '-ldflags', '-X main.Version=1.26.0'],
  // Nobody measures its SQLite: the compiler need not do its best.
  env: { CGO_ENABLED: '1', CGO_CFLAGS: '-O1' },
  renamed: {},
}

export interface GiteaBuild {
  readonly binary: string
  /** The module's folder: Gitea reads its templates and options from there. */
  readonly staticRoot: string
}

/**
 * Builds Gitea where that was not done yet.
 * @throws Error with the way out when `go` is missing or the build fails.
 */
export async function buildGitea(): Promise<GiteaBuild> {
  return {
    binary: join(await buildGoModule(gitea), 'gitea'),
    staticRoot: await goModuleSources(gitea, 'code.gitea.io/gitea'),
  }
}
