import type { Refusals } from '../../../src/sandbox/forge/dialect.ts'
import type { ForgeReply } from '../../../src/sandbox/forge/route.ts'

/** GitLab words what its own code refuses as `message`, and what its framework refuses as `error`. */
export function refused(status: number, message: string | object): ForgeReply {
  return { status, body: { message } }
}

const projectNotFound = refused(404, '404 Project Not Found')
/** A merge request or a note; spelled otherwise than the others. */
export const recordNotFound = refused(404, '404 Not found')
export const forbidden = refused(403, '403 Forbidden')
export const unauthorized = refused(401, '401 Unauthorized')
export const unknownRoute: ForgeReply = { status: 404, body: { error: '404 Not Found' } }

export function wrongParameter(error: string): ForgeReply {
  return { status: 400, body: { error } }
}

export const refusals: Refusals = {
  notFound: projectNotFound,
  malformed: (message) => wrongParameter(message),
  unprocessable: (message) => refused(422, message),
}
