import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { Path } from '../path.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { givenTwice } from './given-twice.ts'

export const gateRules: readonly ConfigRule[] = [
  imagesAreNamed,
  pinsNeedAnImage,
  ownStatusIsNoCheck,
  imageHostsAreWritten,
  registriesAreUnique,
  passwordsHaveUsers,
]

function imagesAreNamed({ applications = [] }: PartialConfig): readonly ConfigProblem[] {
  return applications.flatMap((application, index) => {
    if (String(application?.gate?.image) !== 'true' || application?.image !== undefined) return []
    const path = ['applications', index, 'gate', 'image']
    const hint = 'write `image: registry.acme.dev/shop:{{sha}}` beside `gate`'
    return [{ path, message: 'there is no `image` to look for', hint }]
  })
}

function pinsNeedAnImage({ applications = [] }: PartialConfig): readonly ConfigProblem[] {
  return applications.flatMap(({ gate } = {}, index) => {
    if (String(gate?.pin) !== 'true' || String(gate?.image) === 'true') return []
    const path = ['applications', index, 'gate', 'pin']
    return [{ path, message: 'nothing is pinned that was not looked for', hint: 'add `image: true`' }]
  })
}

/** Law 6 would be the least of it: it would wait for itself for ever. */
function ownStatusIsNoCheck(
  { applications = [] }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  return applications.flatMap(({ gate } = {}, index) =>
    (gate?.checks ?? []).flatMap((name, place) => {
      if (name?.startsWith('mayfly/') !== true) return []
      const path = ['applications', index, 'gate', 'checks', place]
      const hint = 'name a check of your CI'
      return [{ path, message: `${view.shown(path)} is a status that Mayfly sets itself`, hint }]
    }),
  )
}

/** Where Mayfly goes with its passwords is the operator's word alone: no branch has a part in it. */
function imageHostsAreWritten(
  { applications = [] }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  return applications.flatMap((application, index) => {
    const { image, gate } = application ?? {}
    if (String(gate?.image) !== 'true' || image === undefined) return []
    const path = ['applications', index, 'image']
    const templates = typeof image === 'string' ? [[path, image] as const] : entriesOf(path, image)
    return templates.flatMap(([place, template]) => {
      const [host = ''] = template.split('/')
      if (!template.includes('/') || !isForeign(host)) return []
      const hint = 'write the host out, for example `registry.acme.dev/shop:{{sha}}`'
      return [{ path: place, message: `${view.shown(place)} takes its host from a variable`, hint }]
    })
  })
}

/** The operator's own values and names may stand there. */
function isForeign(host: string): boolean {
  return [...host.matchAll(/\{\{([^{}]*)\}\}/g)].some(
    ([, inner = '']) => !/^(?:values\.[\w.]+|application)$/.test(inner.trim()),
  )
}

function entriesOf(
  path: Path,
  images: Readonly<Record<string, string | undefined>>,
): readonly (readonly [Path, string])[] {
  return Object.entries(images).flatMap(([name, template]) =>
    template === undefined ? [] : [[[...path, name], template] as const],
  )
}

function registriesAreUnique({ registries = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return givenTwice(registries.map((registry) => registry?.host)).map((index) => {
    const path = ['registries', index, 'host']
    return { path, message: `the registry ${view.shown(path)} is there twice`, hint: 'leave one of them out' }
  })
}

function passwordsHaveUsers({ registries = [] }: PartialConfig): readonly ConfigProblem[] {
  return registries.flatMap((registry, index) => {
    const { username, password } = registry ?? {}
    if ((username === undefined) === (password === undefined)) return []
    const path = ['registries', index, username === undefined ? 'password' : 'username']
    const hint = 'write both `username` and `password`, or neither'
    return [{ path, message: 'is of no use alone', hint }]
  })
}
