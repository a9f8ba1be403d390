import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'

export const nameRules: readonly ConfigRule[] = [namesFitTheBudget, namespacesAreNotReserved]

/** A dash and six digits: more than the busiest repositories count. */
const numberLength = 7

function namesFitTheBudget(
  { applications = [], names }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  const most = Number(names?.budget ?? 53) - (names?.namespacePrefix ?? 'preview-').length - numberLength
  return applications.flatMap((application, index) => {
    if (application?.name === undefined || application.name.length <= most) return []
    const path = ['applications', index, 'name']
    const message = `${view.shown(path)} leaves no room for a number in the names of its previews`
    const way =
      most < 1 ? 'raise `names.budget`' : `use at most ${most} characters, or raise \`names.budget\``
    return [{ path, message, hint: `${way}, or shorten \`names.namespacePrefix\`` }]
  })
}

/** Kubernetes keeps `kube-*` for itself. */
function namespacesAreNotReserved(
  { applications = [], names }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  const prefix = names?.namespacePrefix ?? 'preview-'
  return applications.flatMap((application, index) => {
    if (application?.name === undefined || !`${prefix}${application.name}-`.startsWith('kube-')) return []
    const path = prefix.startsWith('kube-') ? ['names', 'namespacePrefix'] : ['applications', index, 'name']
    const message = `${view.shown(path)} would make namespaces that begin with \`kube-\``
    return [{ path, message, hint: 'Kubernetes keeps those for itself: choose another name' }]
  })
}
