import { nearest } from '../../nearest.ts'
import { expandBraces } from '../../preview/glob.ts'
import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import { pathFault } from '../path.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { givenTwice } from './given-twice.ts'

export const applicationRules: readonly ConfigRule[] = [
  namesAreUnique,
  forgesExist,
  templatesAreSafe,
  labelsCanMatch,
  branchGlobsCanMatch,
  pathGlobsCanMatch,
]

function namesAreUnique({ applications = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  const hint = 'previews are named after their application: give each its own'
  return givenTwice(applications.map((application) => application?.name)).map((index) => {
    const path = ['applications', index, 'name']
    return { path, message: `another application is called ${view.shown(path)} too`, hint }
  })
}

function forgesExist(
  { applications = [], forges = [] }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  const known = forges.flatMap((forge) => forge?.name ?? [])
  // A forge whose name is refused may be the one that is meant: one mistake is told once.
  if (known.length < forges.length || known.length === 0) return []
  const shown = (name: string) => view.shown(['forges', known.indexOf(name), 'name'])
  return applications.flatMap((application, index) => {
    if (application?.forge === undefined || known.includes(application.forge)) return []
    const path = ['applications', index, 'forge']
    const meant = nearest(application.forge, known)
    const hint =
      meant === undefined ? `there is: ${known.map(shown).join(', ')}` : `did you mean ${shown(meant)}?`
    return [{ path, message: `there is no forge ${view.shown(path)}`, hint }]
  })
}

function templatesAreSafe({ applications = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return applications.flatMap((application, index) =>
    (['template', 'templateUntrusted'] as const).flatMap((key) => {
      const file = application?.[key]
      const fault = file === undefined ? undefined : pathFault(file)
      if (fault === undefined) return []
      const path = ['applications', index, key]
      const hint = 'write a file of the templates directory, for example `preview.yaml.hbs`'
      return [{ path, message: `${view.shown(path)} cannot be used: ${fault}`, hint }]
    }),
  )
}

function labelsCanMatch({ applications = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return applications.flatMap((application, index) => {
    const labels = application?.when?.labels
    const none = labels?.none ?? []
    const any = labels?.any ?? []
    if (any.length > 0 && any.every((label) => label !== undefined && none.includes(label))) {
      const path = ['applications', index, 'when', 'labels', 'any']
      const message = 'every label of `any` is refused by `none`'
      return [{ path, message, hint: 'no merge request could ever match: take one out of `none`' }]
    }
    return none.flatMap((label, place) => {
      if (label === undefined || labels?.all?.includes(label) !== true) return []
      const path = ['applications', index, 'when', 'labels', 'none', place]
      const message = `the label ${view.shown(path)} is demanded by \`all\` and refused by \`none\``
      return [{ path, message, hint: 'no merge request could ever match: take it out of one' }]
    })
  })
}

function branchGlobsCanMatch(
  { applications = [] }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  const globs = applications.flatMap((application, index) =>
    (['targetBranches', 'branches'] as const).flatMap((key) =>
      (application?.when?.[key] ?? []).map((glob, place) => ({ index, key, glob, place })),
    ),
  )
  return globs.flatMap(({ index, key, glob, place }) => {
    if (glob === undefined) return []
    const hint = whyNever(glob, (one) =>
      /[\s~^:[\\]|^\/|\/$|^refs\/|\/\/|\.\./.test(one)
        ? 'write names of branches with `*`, `**`, `?` or `{a,b}`: for example `release/*`'
        : undefined,
    )
    if (hint === undefined) return []
    const path = ['applications', index, 'when', key, place]
    return [{ path, message: `no branch can match ${view.shown(path)}`, hint }]
  })
}

function pathGlobsCanMatch({ applications = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return applications.flatMap((application, index) =>
    (application?.when?.paths ?? []).flatMap((glob, place) => {
      const hint = glob === undefined ? undefined : whyNever(glob, wayOut)
      if (hint === undefined) return []
      const path = ['applications', index, 'when', 'paths', place]
      return [{ path, message: `no changed file can match ${view.shown(path)}`, hint }]
    }),
  )
}

/** The way out for a glob that nothing can match: every one that its braces stand for has a fault. */
function whyNever(glob: string, wayOutOf: (one: string) => string | undefined): string | undefined {
  const alternatives = expandBraces(glob)
  if (alternatives === null)
    return 'each `{` needs its `}`, as in `{web,api}/**`, and together they may stand for at most 100 globs'
  const hints = alternatives.map(wayOutOf)
  return hints.includes(undefined) ? undefined : hints[0]
}

/** Forges write paths from the root of the repository, with slashes and without dots. */
function wayOut(glob: string): string | undefined {
  if (glob.startsWith('!')) return 'nothing can be taken away: write only what counts, for example `web/**`'
  if (glob.includes('\\')) return 'write `/` between folders'
  if (glob.endsWith('/')) return 'a folder alone never changes: write `/**` at the end for all that is in it'
  if (glob.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
    return 'write it from the root of the repository, without `/` or `./` before it: for example `web/**`'
  return undefined
}
