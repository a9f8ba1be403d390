import type { ConfigRule } from './rule.ts'
import { applicationRules } from './rules/applications.ts'
import { directoriesIsolate, environmentRepositoryRules } from './rules/environment-repository.ts'
import { gateRules } from './rules/gates.ts'
import { forgeRules } from './rules/forges.ts'
import { nameRules } from './rules/names.ts'
import { probeRules, probesAreAsked } from './rules/probes.ts'
import { sourceRepositoryRules } from './rules/repositories.ts'
import { secretRules } from './rules/secrets.ts'
import { serviceRules } from './rules/service.ts'
import { templateRules } from './rules/url-templates.ts'
import type { PartialConfig } from './draft.ts'
import type { ConfigProblem } from './finding.ts'
import type { Path } from './path.ts'
import { isLoopback, parseUrl } from './url.ts'
import { parseGitUrl } from './git-url.ts'

const policyRules: readonly ConfigRule[] = [secretsAreNeverAllowed, defaultProjectIsNeverAllowed]

/** What each file must keep to, beyond its schema. */
export const rules: readonly ConfigRule[] = [
  ...serviceRules,
  ...forgeRules,
  ...environmentRepositoryRules,
  ...secretRules,
  ...nameRules,
  ...policyRules,
  ...applicationRules,
  ...sourceRepositoryRules,
  ...templateRules,
  ...probeRules,
  ...gateRules,
]

/** What works, but may not be meant. */
export const cautions: readonly ConfigRule[] = [
  plainHttp,
  unusedCredentials,
  directoriesIsolate,
  probesAreAsked,
]

/** On this machine plain http is fine; elsewhere tokens and webhooks travel in the open. */
function plainHttp({ server, forges = [], environmentRepository }: PartialConfig): readonly ConfigProblem[] {
  const urls: readonly (readonly [Path, string | undefined])[] = [
    [['server', 'publicUrl'], server?.publicUrl],
    ...forges.flatMap((forge, index) => [
      [['forges', index, 'url'], forge?.url] as const,
      [['forges', index, 'api'], forge?.api] as const,
    ]),
    [['environmentRepository', 'url'], environmentRepository?.url],
  ]
  return urls.flatMap(([path, text]) => {
    const url = text === undefined ? undefined : parseUrl(text)
    if (url?.protocol !== 'http:' || isLoopback(url.hostname)) return []
    return [{ path, message: 'plain http: whoever listens can read and change it', hint: 'use https' }]
  })
}

/** `policy` and the part of it for the untrusted, each with its place. */
function policiesOf({ policy }: PartialConfig) {
  return [
    { path: ['policy'], lists: policy },
    { path: ['policy', 'untrusted'], lists: policy?.untrusted },
  ]
}

function secretsAreNeverAllowed(draft: PartialConfig): readonly ConfigProblem[] {
  const hint = 'what is committed is no secret any more: use `ExternalSecret` or `SealedSecret`'
  return policiesOf(draft).flatMap(({ path, lists }) => {
    const index = lists?.kinds?.findIndex((kind) => kind?.split('.')[0] === 'Secret') ?? -1
    return index < 0 ? [] : [{ path: [...path, 'kinds', index], message: '`Secret` is never allowed', hint }]
  })
}

function defaultProjectIsNeverAllowed(draft: PartialConfig): readonly ConfigProblem[] {
  const hint = 'it may do everything everywhere: make a project for previews'
  return policiesOf(draft).flatMap(({ path, lists }) => {
    const index = lists?.projects?.indexOf('default') ?? -1
    const message = 'the project `default` is never allowed'
    return index < 0 ? [] : [{ path: [...path, 'projects', index], message, hint }]
  })
}

/** A credential that the URL has no use for. */
function unusedCredentials({ environmentRepository }: PartialConfig): readonly ConfigProblem[] {
  const { url, token, sshKey } = environmentRepository ?? {}
  const scheme = url === undefined ? undefined : parseGitUrl(url)?.scheme
  const overHttp = scheme === 'https' || scheme === 'http'
  return [
    ...(token !== undefined && !overHttp ? [unused('token', 'it is for https')] : []),
    ...(sshKey !== undefined && scheme !== 'ssh' ? [unused('sshKey', 'it is for ssh')] : []),
  ]
}

function unused(key: string, why: string): ConfigProblem {
  return {
    path: ['environmentRepository', key],
    message: 'is not used with this URL',
    hint: `${why}: leave it out`,
  }
}
