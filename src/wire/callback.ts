import { createIssuerKeys } from '../api/issuer-keys.ts'
import { readIssuer } from '../api/read-issuer.ts'
import { createReconcileRoute, type ReconcileRouteOptions } from '../api/reconcile-route.ts'
import { type TrustedIssuer, verifyJob } from '../api/verify-job.ts'
import type { AuthConfig, Config } from '../config/config.ts'
import { forgeKinds } from '../forge/kinds.ts'
import { createFetch } from '../network/create-fetch.ts'
import type { NetworkEnvironment } from '../network/proxy-for.ts'

export interface CallbackParts extends Omit<ReconcileRouteOptions, 'tokens' | 'verifyJob'> {
  readonly environment: NetworkEnvironment
}

/** Where CI asks for a pass; null where the configuration lets nobody. */
export function createCallback({ server, forges }: Pick<Config, 'server' | 'forges'>, parts: CallbackParts) {
  const { tokens, oidc } = server.auth
  if (tokens.length === 0 && oidc.length === 0) return null
  return createReconcileRoute({ ...parts, tokens, verifyJob: jobVerifier(oidc, forges, parts) })
}

function jobVerifier(
  oidc: AuthConfig['oidc'],
  forges: Config['forges'],
  { clock, environment }: Pick<CallbackParts, 'clock' | 'environment'>,
): ReconcileRouteOptions['verifyJob'] {
  if (oidc.length === 0) return null
  const asking = { fetch: createFetch(environment), clock }
  const urls = [...new Set(oidc.map(({ issuer }) => issuer))]
  const keys = new Map(urls.map((url) => [url, createIssuerKeys(() => readIssuer(asking, url), clock)]))
  const issuers = oidc.flatMap((entry): readonly TrustedIssuer[] => {
    const kind = forges.find(({ name }) => name === entry.forge)?.kind
    const claims = kind === undefined ? null : forgeKinds[kind].jobTokens
    return claims === null ? [] : [{ ...entry, claims }]
  })
  return (token) => verifyJob({ issuers, keys, clock }, token)
}
