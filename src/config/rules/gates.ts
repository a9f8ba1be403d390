import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { givenTwice } from './given-twice.ts'

export const gateRules: readonly ConfigRule[] = [
  imagesAreNamed,
  pinsNeedAnImage,
  ownStatusIsNoCheck,
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
