import { z } from 'zod'
import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'
import { RetryLater } from '../preview/errors.ts'
import type { RegistryAnswer, RegistryHttp } from './registry-http.ts'
import type { RegistryLogin } from './registry-login.ts'

/** Some call it `token`, some `access_token`, some send both. */
const TokenAnswer = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().nonnegative().optional().catch(undefined),
})

export type TokenReading =
  /** `isFresh`: asked for just now, so that another one would fare no better. */
  | { readonly kind: 'token'; readonly token: string; readonly isFresh: boolean }
  | { readonly kind: 'refused'; readonly status: number }

export interface RegistryTokens {
  /** @throws ForbiddenHost, RetryLater as `RegistryHttp.ask` does. */
  tokenFor(realm: URL, place: TokenPlace, login: RegistryLogin): Promise<TokenReading>
  /** The registry refused it: the next one is asked for anew. */
  forget(place: TokenPlace, login: RegistryLogin): void
}

/** What a token is good for. */
export interface TokenPlace {
  readonly host: string
  readonly repository: string
}

/** Of the token specification of distribution. */
const defaultSeconds = 60
const longestSeconds = 60 * 60
/** A token is used for this part of its life: it must not end on its way. */
const usablePart = 0.9

export function createRegistryTokens(http: RegistryHttp, clock: Pick<Clock, 'monotonicMs'>): RegistryTokens {
  const known = createBoundedMap<string, { readonly token: string; readonly untilMs: number }>(1000)

  return {
    async tokenFor(realm, place, login) {
      const found = known.get(keyOf(place, login))
      const askedMs = clock.monotonicMs()
      if (found !== undefined && askedMs < found.untilMs)
        return { kind: 'token', token: found.token, isFresh: false }
      const answer = await http.ask(realm, { method: 'GET', headers: headersOf(login), reads: true })
      if (answer.status === 401 || answer.status === 403) return { kind: 'refused', status: answer.status }
      const { token, seconds } = tokenIn(answer, realm)
      const untilMs = askedMs + Math.min(seconds, longestSeconds) * 1000 * usablePart
      known.set(keyOf(place, login), { token, untilMs })
      return { kind: 'token', token, isFresh: true }
    },
    forget: (place, login) => known.delete(keyOf(place, login)),
  }
}

function keyOf({ host, repository }: TokenPlace, { id }: RegistryLogin): string {
  return `${id} ${host}/${repository}`
}

function headersOf({ header }: RegistryLogin): Readonly<Record<string, string>> {
  const accept = { accept: 'application/json' }
  return header === null ? accept : { ...accept, authorization: header.reveal() }
}

function tokenIn(
  { status, text }: RegistryAnswer,
  realm: URL,
): { readonly token: string; readonly seconds: number } {
  const parsed = TokenAnswer.safeParse(status === 200 ? jsonOf(text) : null)
  const token = parsed.data?.token ?? parsed.data?.access_token ?? ''
  // What no header can carry would be quoted by the error of `fetch`.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new RetryLater(`${realm.host} gave an odd answer (${status}) to the question for a token`)
  return { token, seconds: parsed.data?.expires_in ?? defaultSeconds }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
