import type { Clock } from '../../src/pace/clock.ts'
import type { ForgeDialect } from '../../src/sandbox/forge/dialect.ts'
import { giteaDialect } from '../../src/sandbox/forge/gitea/dialect.ts'
import { githubDialect, usualGithub } from './github/dialect.ts'
import { gitlabDialect, usualGitlab } from './gitlab/dialect.ts'

export type StandInKind = 'gitea' | 'github' | 'gitlab'

/** A kind of forge as tests embed it, and what differs where people, and commits, see it. */
export interface StandIn {
  readonly dialect: ForgeDialect
  /** Where people see a merge request, below the forge's address. */
  readonly page: (repository: string, number: number) => string
  /** Whether it tells Mayfly the full name of an author beside the login. */
  readonly tellsFullNames: boolean
}

export function standInOf(kind: StandInKind, clock: Clock): StandIn {
  switch (kind) {
    case 'gitea':
      return {
        dialect: giteaDialect({ pagedComments: true }),
        page: (repository, number) => `/${repository}/pulls/${number}`,
        tellsFullNames: true,
      }
    case 'github':
      return {
        dialect: githubDialect({ ...usualGithub, clock }),
        page: (repository, number) => `/${repository}/pull/${number}`,
        tellsFullNames: false,
      }
    case 'gitlab':
      return {
        dialect: gitlabDialect({ ...usualGitlab, clock }),
        page: (repository, number) => `/${repository}/-/merge_requests/${number}`,
        tellsFullNames: true,
      }
  }
}
