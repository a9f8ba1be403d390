import { ownerAndName } from '../../forge/kind.ts'
import { forgeKinds } from '../../forge/kinds.ts'
import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'

export const sourceRepositoryRules: readonly ConfigRule[] = [repositoriesHaveAName, repositoriesAreSpeltAlike]

function repositoriesHaveAName(
  { applications = [], forges = [] }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  return applications.flatMap((application, index) => {
    if (application?.repository === undefined) return []
    const kind = forges.find((forge) => forge?.name === application.forge)?.kind
    const { fault, hint } = kind === undefined ? ownerAndName : forgeKinds[kind].repositories
    const found = fault(String(application.repository))
    if (found === null) return []
    const path = ['applications', index, 'repository']
    return [{ path, message: `${view.shown(path)} is no repository: ${found}`, hint }]
  })
}

/** The spelling is part of a merge request's key: two spellings would be two merge requests. */
function repositoriesAreSpeltAlike(
  { applications = [] }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  return applications.flatMap((application, index) => {
    if (application?.repository === undefined) return []
    const repository = String(application.repository)
    const other = applications.findIndex(
      (earlier) =>
        earlier?.forge === application.forge &&
        String(earlier?.repository).toLowerCase() === repository.toLowerCase(),
    )
    if (other === index || String(applications[other]?.repository) === repository) return []
    const path = ['applications', index, 'repository']
    const first = view.shown(['applications', other, 'repository'])
    return [
      {
        path,
        message: `${view.shown(path)} is ${first} in another spelling`,
        hint: 'spell it alike in both',
      },
    ]
  })
}
