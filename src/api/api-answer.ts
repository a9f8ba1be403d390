import type { MergeRequestKey } from '../preview/key.ts'

/** A whole HTTP answer to the wish for a pass. */
export interface ApiAnswer {
  readonly status: number
  readonly body: object
  readonly headers: Readonly<Record<string, string>>
}

export function passTaken(mergeRequest: MergeRequestKey): ApiAnswer {
  return { status: 202, body: { status: 'taken', mergeRequest }, headers: {} }
}

/** RFC 6750, section 3. */
export function unauthorized(error: string): ApiAnswer {
  return refusedWith(401, error, { 'WWW-Authenticate': 'Bearer' })
}

export function unsure(error: string): ApiAnswer {
  return refusedWith(503, error, { 'Retry-After': '10' })
}

export const malformedKey = refusedWith(
  400,
  'The path holds no key of a merge request: write `github:acme/shop#142`, URL-encoded `github%3Aacme%2Fshop%23142`.',
)

export const unknownRepository = refusedWith(404, 'This repository has no application in mayfly.yaml.')

export const foreignRepository = refusedWith(
  403,
  'The token is one of another repository: a job may ask for the merge requests of its own alone.',
)

export const tooManyRefusals = refusedWith(
  429,
  'Too many refusals for this address: correct the token first.',
  { 'Retry-After': '60' },
)

export const passNotTaken = refusedWith(
  503,
  'The queue did not take this merge request: ask again later. The sweep finds it too.',
  { 'Retry-After': '10' },
)

function refusedWith(
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer {
  return { status, body: { error }, headers }
}
