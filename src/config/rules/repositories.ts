import type { Draft } from '../draft.ts'
import type { Finding } from '../finding.ts'
import type { Rule } from '../rule.ts'
import type { Sight } from '../sight.ts'

export const repositoryRules: readonly Rule[] = [repositoriesHaveAName, repositoriesAreSpeltAlike]

function repositoriesHaveAName({ applications = [], forges = [] }: Draft, sight: Sight): readonly Finding[] {
  return applications.flatMap((application, index) => {
    if (application?.repository === undefined) return []
    const gitlab = forges.find((forge) => forge?.name === application.forge)?.kind === 'gitlab'
    const fault = repositoryFault(String(application.repository), gitlab)
    if (fault === undefined) return []
    const path = ['applications', index, 'repository']
    const hint = gitlab
      ? 'write `group/name`, `group/subgroup/name` or the number of the project'
      : 'write `owner/name`'
    return [{ path, message: `${sight.shown(path)} is no repository: ${fault}`, hint }]
  })
}

function repositoryFault(repository: string, gitlab: boolean): string | undefined {
  if (gitlab && /^[1-9][0-9]*$/.test(repository)) return undefined
  if (repository.includes(':')) return 'a URL is too much'
  if (repository.endsWith('.git')) return 'it ends in `.git`'
  if (/[^\w./+-]/.test(repository)) return 'only letters, digits and `. _ - +` may stand in it'
  const segments = repository.split('/')
  if (segments.some((segment) => ['', '.', '..'].includes(segment))) return 'a part of it is empty or dots'
  if (segments.length < 2) return 'the owner is missing'
  return segments.length > 2 && !gitlab ? 'it has too many parts' : undefined
}

/** The spelling is part of a merge request's key: two spellings would be two merge requests. */
function repositoriesAreSpeltAlike({ applications = [] }: Draft, sight: Sight): readonly Finding[] {
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
    const first = sight.shown(['applications', other, 'repository'])
    return [
      {
        path,
        message: `${sight.shown(path)} is ${first} in another spelling`,
        hint: 'spell it alike in both',
      },
    ]
  })
}
