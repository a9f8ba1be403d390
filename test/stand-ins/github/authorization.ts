import type { IncomingHttpHeaders } from 'node:http'

/** What a request shows to be let in. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  /** An App's own, only as a bearer. */
  | { readonly kind: 'jwt'; readonly jwt: string }

export function credentialOf({ authorization = '' }: IncomingHttpHeaders): Credential {
  const [, scheme = '', token] = /^(token|bearer) (\S+)$/i.exec(authorization) ?? []
  if (token === undefined) return { kind: 'none' }
  if (scheme.toLowerCase() === 'bearer' && token.split('.').length === 3) return { kind: 'jwt', jwt: token }
  return { kind: 'token', token }
}
