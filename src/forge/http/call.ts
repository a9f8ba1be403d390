import type { FetchHeaders } from '../../network/create-fetch.ts'
import type { z } from 'zod'
import type { Stalled } from '../../preview/errors.ts'

/** One question to a forge's REST API, in words for messages and in parts for the wire. */
export interface ForgeCall<T> {
  /** Constant, for metrics: for example `read-merge-request`. */
  readonly operation: string
  /** After "to", for messages: for example `read merge request 7 of acme/shop`. */
  readonly purpose: string
  /** The right of the token that this needs, in the forge's own words. */
  readonly right: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Segments below the API's base; each is encoded. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: object
  /** Only the fields that are used. `z.undefined()` for an answer without content (204). */
  readonly schema: z.ZodType<T>
  /** Statuses that are an answer and not an error here, for example 404. */
  readonly expected?: readonly number[]
}

/** What came back: content of the right shape, or an expected status with the error it is where it means nothing else. */
export type ForgeAnswer<T> =
  | { readonly kind: 'value'; readonly value: T; readonly headers: FetchHeaders }
  | RefusedAnswer

/** `said` is the forge's own words, without the token and cut; empty when there are none. Only for what statuses cannot tell. */
export interface RefusedAnswer {
  readonly kind: 'status'
  readonly status: number
  readonly said: string
  readonly error: Stalled
}

/** Who is asking. */
export interface Credentials {
  /** The whole header value, for example `token abc`; asked before every call. */
  header(call: Pick<ForgeCall<unknown>, 'path'>): Promise<string>
  /** Told which one the forge refused (401), without its scheme. True: another one is there, try once more. */
  renew(call: Pick<ForgeCall<unknown>, 'path'>, refused: string): Promise<boolean>
}

/** A token that only its owner changes; asked anew for every call, so that a rotated one is used at once. */
export function fixedCredentials(scheme: string, token: () => Promise<string>): Credentials {
  return { header: async () => `${scheme} ${await token()}`, renew: () => Promise.resolve(false) }
}

/** A JSON client for one forge that turns every surprise into `RetryLater` or `Stalled`. */
export interface ForgeHttp {
  /** Throws `RetryLater` (no answer, odd answer, slow down) or `Stalled` (the token is refused, the forge moved). */
  ask<T>(call: ForgeCall<T>): Promise<ForgeAnswer<T>>
}

/** What is told of every call, for metrics. `status` is null when none arrived; `remaining` is the forge's rate budget. */
export interface ForgeCallReport {
  readonly operation: string
  readonly status: number | null
  readonly durationMs: number
  readonly remaining: number | null
}

/** For messages: where in the API it happened. Holds no query and no secret. */
export function placeOf(call: Pick<ForgeCall<unknown>, 'method' | 'path'>): string {
  return `${call.method} ${pathOf(call)}`
}

export function pathOf(call: Pick<ForgeCall<unknown>, 'path'>): string {
  return call.path.map((segment) => `/${encodeURIComponent(segment)}`).join('')
}
