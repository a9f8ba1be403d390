import type { Refusals } from '../dialect.ts'
import type { ForgeReply } from '../route.ts'

export const notFound: ForgeReply = { status: 404, body: { message: 'not found', url: '' } }

export function forbidden(message: string): ForgeReply {
  return { status: 403, body: { message } }
}

export const refusals: Refusals = {
  notFound,
  malformed: (message) => ({ status: 400, body: { message } }),
  unprocessable: (message) => ({ status: 422, body: { message } }),
}
