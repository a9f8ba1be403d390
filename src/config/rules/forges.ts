import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import { forgeKinds } from '../../forge/kinds.ts'
import { httpUrlFaults } from '../http-url.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { givenTwice } from './given-twice.ts'

export const forgeRules: readonly ConfigRule[] = [
  namesAreUnique,
  addressesAreHttp,
  hasOneCredential,
  appIsOfGitHub,
]

function namesAreUnique({ forges = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  const hint = 'the name is the path of its webhooks: give each forge its own'
  return givenTwice(forges.map((forge) => forge?.name)).map((index) => {
    const path = ['forges', index, 'name']
    return { path, message: `another forge is called ${view.shown(path)} too`, hint }
  })
}

function addressesAreHttp({ forges = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return forges.flatMap((forge, index) => [
    ...httpUrlFaults(forge?.url, ['forges', index, 'url'], view),
    ...httpUrlFaults(forge?.api, ['forges', index, 'api'], view),
  ])
}

function hasOneCredential({ forges = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return forges.flatMap((forge, index) => {
    const path = ['forges', index]
    if (forge === undefined) return []
    const token = view.value([...path, 'token']) !== undefined
    const app = view.value([...path, 'app']) !== undefined
    if (token && app)
      return [{ path, message: 'has a `token` and an `app`', hint: 'keep the one that is meant' }]
    if (token || app) return []
    return [
      { path, message: 'has no `token`', hint: 'write `token: ${NAME}`; on GitHub an `app` will do too' },
    ]
  })
}

function appIsOfGitHub({ forges = [] }: PartialConfig): readonly ConfigProblem[] {
  return forges.flatMap((forge, index) => {
    if (forge?.app === undefined || forge.kind === undefined || forgeKinds[forge.kind].apps) return []
    return [{ path: ['forges', index, 'app'], message: 'only GitHub has apps', hint: 'use a `token`' }]
  })
}
