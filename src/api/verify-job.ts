import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import type { JobTokens } from '../forge/kind.ts'
import type { Clock } from '../pace/clock.ts'
import { type Asker, type JobRepository, type NotProven, unproven } from './asker.ts'
import { claimObjection, notReadable, objectionOf, unknownIssuer } from './objection.ts'

/** Whose tokens count, and what they say. */
export interface TrustedIssuer {
  readonly issuer: string
  readonly audience: string
  readonly forge: string
  readonly claims: JobTokens
}

export interface JobParts {
  readonly issuers: readonly TrustedIssuer[]
  /** The keys of each issuer, by its URL. */
  readonly keys: ReadonlyMap<string, JWTVerifyGetKey>
  readonly clock: Pick<Clock, 'now'>
}

/** Asymmetric ones alone: else a public key would be a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'PS256', 'EdDSA']
const leewaySeconds = 60

/**
 * Which repository a CI job is of, by the token that its forge gave it (OpenID Connect Core 1.0, section 3.1.3.7).
 * @throws IssuerAway when the issuer's keys cannot be read now, and whatever a key of the issuer makes jose throw
 */
export async function verifyJob(parts: JobParts, token: string): Promise<Asker | NotProven> {
  const issuer = issuerOf(token)
  if (issuer === null) return unproven(notReadable)
  const trusted = parts.issuers.filter((one) => one.issuer === issuer)
  const keys = parts.keys.get(issuer)
  if (keys === undefined || trusted.length === 0) return unproven(unknownIssuer)
  try {
    const audience = trusted.map((one) => one.audience)
    const currentDate = parts.clock.now()
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      issuer,
      audience,
      clockTolerance: leewaySeconds,
      currentDate,
      requiredClaims: ['exp', 'iat'],
    })
    if ((payload.iat ?? Infinity) > currentDate.getTime() / 1000 + leewaySeconds)
      return unproven(claimObjection('iat'))
    return repositoriesIn(payload, trusted)
  } catch (error) {
    const objection = objectionOf(error)
    if (objection === null) throw error
    return unproven(objection)
  }
}

/** Not believed yet: it only chooses the keys. */
function issuerOf(token: string): string | null {
  try {
    return decodeJwt(token).iss ?? null
  } catch {
    return null
  }
}

/** One issuer may stand for several forges, each with an audience of its own. */
function repositoriesIn(payload: JWTPayload, trusted: readonly TrustedIssuer[]): Asker | NotProven {
  const audiences = [payload.aud ?? []].flat()
  const repositories: JobRepository[] = []
  for (const { forge, claims } of trusted.filter(({ audience }) => audiences.includes(audience))) {
    const fullName = Claim.safeParse(payload[claims.repository]).data
    const id = Claim.safeParse(payload[claims.id]).data
    if (fullName === undefined) return unproven(claimObjection(claims.repository))
    if (id === undefined) return unproven(claimObjection(claims.id))
    repositories.push({ forge, id, fullName })
  }
  return { kind: 'job', repositories }
}

const Claim = z.union([z.string().min(1), z.int().positive().transform(String)])
