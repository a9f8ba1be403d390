import type { FetchHeaders } from '../../network/create-fetch.ts'
import { retryAfterOf } from '../../network/retry-after.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import { type ForgeCall, placeOf } from './call.ts'
import type { RawAnswer } from './exchange.ts'
import { isAbuse, isSecondaryLimit, wordsOf } from './words-of.ts'

/** No forge is waited for longer than this, whatever it says: the sweep looks anyway. */
const longestMs = 60 * 60 * 1000

export interface RefusalContext {
  readonly forge: string
  readonly now: Date
  /** Never shown, even where the forge's own words contain it. */
  readonly secret: string
}

/** A forge that asks to slow down without saying for how long gets a minute (GitHub's own advice). */
const defaultPauseMs = 60_000
const passing: readonly number[] = [408, 409, 425]
/** A forge hides behind 404 what a token may not see. */
const aboutTheToken: readonly number[] = [401, 403, 404]

/** The error that a status means, or null when it is a success. Says what the loop must do, and what a person can do. */
export function forgeErrorOf(
  raw: RawAnswer,
  call: ForgeCall<unknown>,
  context: RefusalContext,
): RetryLater | Stalled | null {
  if (raw.status >= 200 && raw.status < 300) return null
  const said = `${context.forge} answered ${placeOf(call)} with ${raw.status}`
  const askedMs = retryAfterMs(raw.headers, context.now)
  if (asksToSlowDown(raw, askedMs))
    return new RetryLater(`${said}: it asks to slow down`, { retryAfterMs: askedMs ?? defaultPauseMs })
  if (raw.status >= 500 || raw.status < 400 || passing.includes(raw.status))
    return new RetryLater(said, askedMs === null ? {} : { retryAfterMs: askedMs })
  const lacking = aboutTheToken.includes(raw.status) ? { right: call.right } : {}
  return new Stalled(`${said}${adviceOn(raw, call, context)}`, lacking)
}

function asksToSlowDown(raw: RawAnswer, askedMs: number | null): boolean {
  if (raw.status === 429) return true
  if (raw.status === 403) return askedMs !== null || isSecondaryLimit(raw.text)
  return raw.status === 422 && isAbuse(raw.text)
}

function adviceOn(raw: RawAnswer, call: ForgeCall<unknown>, { forge, secret }: RefusalContext): string {
  const said = wordsOf(raw.text, secret)
  const words = said === '' ? '' : ` It says: ${JSON.stringify(said)}`
  if (raw.status === 401)
    return `: the token is wrong, expired or withdrawn. Make a new one with the right \`${call.right}\` and put it into the configuration of forge ${forge}.${words}`
  if (raw.status === 403)
    return `: the token may not ${call.purpose}. It needs the right \`${call.right}\`, and its user access to the repository.${words}${wants(raw)}`
  if (raw.status === 404)
    return `: there is nothing to ${call.purpose}, or the token may not see it. Check the name in the configuration and the right \`${call.right}\`.${words}${wants(raw)}`
  return `: it refuses to ${call.purpose}.${words}`
}

/** GitHub names the permissions that a route takes. */
function wants({ headers }: RawAnswer): string {
  const permissions = headers.get('x-accepted-github-permissions')?.trim() ?? ''
  if (!/^[\w=;, -]{1,200}$/.test(permissions)) return ''
  return ` GitHub takes here: ${permissions}.`
}

/**
 * How long the forge asks to wait, in ms, from `Retry-After`, else from a spent rate
 * budget and its reset time (GitHub, GitLab); null when it does not say.
 */
function retryAfterMs(headers: FetchHeaders, now: Date): number | null {
  const asked = retryAfterOf(headers, now) ?? fromSpentBudget(headers, now)
  return asked === null ? null : Math.min(Math.max(asked, 0), longestMs)
}

function fromSpentBudget(headers: FetchHeaders, now: Date): number | null {
  const remaining = headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining')
  const reset = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset')
  if (remaining?.trim() !== '0' || reset === null || !/^\d{1,12}$/.test(reset.trim())) return null
  return Number(reset) * 1000 - now.getTime()
}
