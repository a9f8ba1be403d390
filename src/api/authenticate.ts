import type { Secret } from '../config/secret.ts'
import { tokenMatches } from '../forge/webhook-signature.ts'
import type { Log } from '../log.ts'
import { type Asker, type NotProven, unproven } from './asker.ts'
import { IssuerAway } from './issuer-away.ts'
import { notReadable } from './objection.ts'

export interface Proofs {
  /** Several count while one is being rotated. */
  readonly tokens: readonly Secret[]
  /** Null: no job may ask. */
  readonly verifyJob: ((token: string) => Promise<Asker | NotProven>) | null
  readonly log: Log
}

/** Who a request comes from, by every value of its header `Authorization`. Never throws, and never logs what was sent. */
export async function authenticate(
  { tokens, verifyJob, log }: Proofs,
  header: readonly string[],
): Promise<Asker | NotProven> {
  const [value, second] = header
  if (value === undefined) return unproven('The header Authorization is missing: send `Bearer <token>`.')
  if (second !== undefined) return unproven('The header Authorization came more than once.')
  const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(value) ?? []
  if (token === undefined) return unproven('The header Authorization is not `Bearer <token>`.')
  if (tokenMatches(token, tokens)) return { kind: 'token' }
  if (verifyJob === null) return unproven('The token is none of server.auth.tokens.')
  try {
    return await verifyJob(token)
  } catch (error) {
    log.warn({ error }, 'the token of a job could not be checked')
    if (error instanceof IssuerAway)
      return { kind: 'unsure', error: 'The issuer of the token does not tell its keys now: try again.' }
    return unproven(notReadable)
  }
}
