import type { Refusals } from '../../../src/sandbox/forge/dialect.ts'
import type { ForgeReply } from '../../../src/sandbox/forge/route.ts'

const docs = 'https://docs.github.com/rest'

export function refused(status: number, message: string, documentation = docs): ForgeReply {
  return { status, body: { message, documentation_url: documentation, status: String(status) } }
}

export const notFound = refused(404, 'Not Found')

/** What a token, or an App, lacks; GitHub names the right that is needed in a header. */
export function lacksRight(kind: 'personal access token' | 'integration', right: string): ForgeReply {
  return {
    ...refused(403, `Resource not accessible by ${kind}`),
    headers: { 'x-accepted-github-permissions': right },
  }
}

export interface FieldError {
  readonly resource: string
  readonly code: string
  readonly field: string
  readonly message?: string
}

export function invalid(...errors: readonly FieldError[]): ForgeReply {
  return {
    status: 422,
    body: { message: 'Validation Failed', errors, documentation_url: docs, status: '422' },
  }
}

export const refusals: Refusals = {
  notFound,
  malformed: () => refused(400, 'Problems parsing JSON'),
  unprocessable: (message) => refused(422, message),
}
