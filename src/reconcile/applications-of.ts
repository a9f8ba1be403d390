import type { Application } from '../preview/application.ts'
import type { SourceRepositories, SourceRepository } from './source-repositories.ts'

/** The applications of a repository, by whatever name the configuration calls it. */
export function applicationsOf(
  applications: readonly Application[],
  sources: Pick<SourceRepositories, 'nameOf'>,
  { forge, repository }: SourceRepository,
): readonly Application[] {
  const name = sources.nameOf({ forge, repository })
  return applications.filter(
    (application) => application.forge === forge && sources.nameOf(application) === name,
  )
}
