import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../pace/clock.ts'

/** Keys are read again after this time: one that an issuer has withdrawn is worth nothing from then on. */
const freshMs = 10 * 60_000
/** Between two looks for a key that is not there: anybody can name one. */
const cooldownMs = 30_000
/** After an issuer did not answer. */
const pauseMs = 5_000

interface KnownKeys {
  readonly find: JWTVerifyGetKey
  readonly readMs: number
}

/**
 * Finds the key that a token names among those of one issuer. jose's own `createRemoteJWKSet` measures by the wall clock, and one
 * that is set back would hide rotated keys (law 14); its `createLocalJWKSet` chooses the key.
 */
export function createIssuerKeys(
  read: () => Promise<JSONWebKeySet>,
  clock: Pick<Clock, 'monotonicMs'>,
): JWTVerifyGetKey {
  let known: KnownKeys | null = null
  let reading: Promise<KnownKeys> | null = null
  let failed: { readonly error: unknown; readonly atMs: number } | null = null

  return async (header, token) => {
    const keys = known !== null && ageOf(known.readMs) < freshMs ? known : await readAgain()
    try {
      return await keys.find(header, token)
    } catch (error) {
      const isNew = error instanceof errors.JWKSNoMatchingKey && ageOf(keys.readMs) >= cooldownMs
      if (!isNew) throw error
      const next = await readAgain()
      return await next.find(header, token)
    }
  }

  /** All that come at once share one reading. */
  async function readAgain(): Promise<KnownKeys> {
    if (failed !== null && ageOf(failed.atMs) < pauseMs) throw failed.error
    reading ??= readOnce().finally(() => (reading = null))
    return reading
  }

  async function readOnce(): Promise<KnownKeys> {
    try {
      known = { find: createLocalJWKSet(await read()), readMs: clock.monotonicMs() }
      failed = null
      return known
    } catch (error) {
      failed = { error, atMs: clock.monotonicMs() }
      throw error
    }
  }

  function ageOf(ms: number): number {
    return clock.monotonicMs() - ms
  }
}
