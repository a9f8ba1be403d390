import { type ForgeKindName, forgeKinds } from '../../forge/kinds.ts'
import { nearest } from '../../nearest.ts'
import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import { httpUrlFaults } from '../http-url.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { isLoopback, parseUrl, trimmedUrl } from '../url.ts'
import { givenTwice } from './given-twice.ts'

export const authRules: readonly ConfigRule[] = [issuersAreHttps, forgesHaveJobs, issuersAreGivenOnce]

/** Another forge may have repositories of the same names, whose jobs could then ask for a pass. */
export function issuersAreOfTheirForge(draft: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return oidcOf(draft).flatMap((entry, index) => {
    const forge = draft.forges?.find((one) => one?.name === entry?.forge)
    const [issuer, url] = [parseUrl(entry?.issuer ?? ''), parseUrl(forge?.url ?? '')]
    const jobs = forge?.kind === undefined ? null : forgeKinds[forge.kind].jobTokens
    if (issuer === undefined || url === undefined || jobs === null || isLoopback(issuer.hostname)) return []
    const domain = jobs.issuerDomain(url)
    if (issuer.hostname === domain || issuer.hostname.endsWith(`.${domain}`)) return []
    const path = ['server', 'auth', 'oidc', index, 'issuer']
    const hint = `its own issuer is expected below \`${domain}\``
    return [{ path, message: `${view.shown(path)} is not at the address of the forge`, hint }]
  })
}

type OidcDraft = NonNullable<NonNullable<PartialConfig['server']>['auth']>['oidc']

function oidcOf({ server }: PartialConfig): NonNullable<OidcDraft> {
  return server?.auth?.oidc ?? []
}

/** Who can change the answers of an issuer can sign for it. */
function issuersAreHttps(draft: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return oidcOf(draft).flatMap((entry, index) => {
    const path = ['server', 'auth', 'oidc', index, 'issuer']
    const faults = httpUrlFaults(entry?.issuer, path, view)
    const url = parseUrl(entry?.issuer ?? '')
    if (faults.length > 0 || url?.protocol !== 'http:' || isLoopback(url.hostname)) return faults
    return [{ path, message: 'plain http: whoever listens could sign for it', hint: 'write `https://`' }]
  })
}

/** That the forge exists, and that its jobs have an identity. */
function forgesHaveJobs(draft: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  const { forges = [] } = draft
  const known = forges.flatMap((forge) => forge?.name ?? [])
  // A forge whose name is refused may be the one that is meant: one mistake is told once.
  if (known.length < forges.length || known.length === 0) return []
  return oidcOf(draft).flatMap((entry, index) => {
    if (entry?.forge === undefined) return []
    const path = ['server', 'auth', 'oidc', index, 'forge']
    const found = forges.find((forge) => forge?.name === entry.forge)
    if (found === undefined) {
      const meant = nearest(entry.forge, known)
      const hint = meant === undefined ? `there is: ${known.join(', ')}` : `did you mean \`${meant}\`?`
      return [{ path, message: `there is no forge ${view.shown(path)}`, hint }]
    }
    if (hasJobs(found.kind)) return []
    const hint = 'use `tokens` for its jobs'
    return [{ path, message: `the jobs of ${view.shown(path)} have no tokens of their own`, hint }]
  })
}

/** A kind that is refused is somebody else's complaint. */
function hasJobs(kind: ForgeKindName | undefined): boolean {
  return kind === undefined || forgeKinds[kind].jobTokens !== null
}

function issuersAreGivenOnce(draft: PartialConfig): readonly ConfigProblem[] {
  const pairs = oidcOf(draft).map((entry) => {
    if (entry?.issuer === undefined || parseUrl(entry.issuer) === undefined) return undefined
    return `${trimmedUrl(entry.issuer)} ${entry.forge ?? ''}`
  })
  return givenTwice(pairs).map((index) => ({
    path: ['server', 'auth', 'oidc', index],
    message: 'this issuer has an entry for this forge already',
    hint: 'keep one audience',
  }))
}
