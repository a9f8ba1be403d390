import { verify } from 'node:crypto'
import { z } from 'zod'
import type { ForgeReply } from '../../../src/sandbox/forge/route.ts'
import { refused } from './refusals.ts'

const mostSeconds = 10 * 60
const undecodable = 'A JSON web token could not be decoded'

const Header = z.object({ alg: z.literal('RS256') })
const Claims = z.object({ iss: z.unknown(), iat: z.unknown(), exp: z.unknown() })

export interface JwtRules {
  /** PEM. */
  readonly publicKey: string
  /** The App's id and client id: either may be the issuer. */
  readonly issuers: readonly string[]
  readonly now: Date
}

/**
 * Null when GitHub would take the token of an App: RS256 by its key, issued in the past, at most ten minutes to live.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function jwtRefusal(jwt: string, { publicKey, issuers, now }: JwtRules): ForgeReply | null {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const claims = Claims.safeParse(decoded(payload))
  const genuine = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  )
  if (!Header.safeParse(decoded(header)).success || !claims.success || !genuine)
    return refused(401, undecodable)
  const { iss, iat, exp } = claims.data
  const seconds = Math.floor(now.getTime() / 1000)
  if (!issuers.includes(String(iss))) return refused(404, 'Integration not found')
  if (!isTime(iat) || iat > seconds)
    return refused(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  if (!isTime(exp) || exp <= seconds)
    return refused(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  if (exp > seconds + mostSeconds)
    return refused(401, "'Expiration time' claim ('exp') is too far in the future")
  return null
}

function isTime(claim: unknown): claim is number {
  return typeof claim === 'number' && Number.isInteger(claim)
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown
  } catch {
    return null
  }
}
