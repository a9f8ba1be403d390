import { ForbiddenHost } from './checked-lookup.ts'

/** Codes of Node and OpenSSL for what goes wrong on the way, in words. */
const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'DNS does not know its host',
  EAI_AGAIN: 'DNS does not answer',
  ECONNREFUSED: 'nobody takes the connection',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its host',
  ETIMEDOUT: 'the connection takes too long',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  EPROTO: 'no TLS is spoken there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS is spoken there',
}

/** Why no answer came, in words. */
export function wordsOfFailure(error: unknown): string {
  if (error instanceof ForbiddenHost) return error.message
  const code = codeOf(error)
  if (code.startsWith('HPE_')) return 'what it answers is no HTTP'
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return words[code] ?? 'no TLS connection comes about'
  return words[code] ?? `no connection comes about${code === '' ? '' : ` (${code})`}`
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
