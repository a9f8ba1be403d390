import type { MergeRequestKey } from '../preview/key.ts'

/** How a webhook was answered, one word for the metrics. */
export type WebhookAnswer =
  | 'taken'
  | 'ignored'
  | 'bad-signature'
  | 'rate-limited'
  | 'malformed'
  | 'too-large'
  | 'wrong-type'
  | 'unknown-forge'
  | 'not-taken'

/** A whole HTTP answer to a webhook. */
export interface HttpAnswer {
  readonly answer: WebhookAnswer
  readonly status: number
  readonly body: object
  /** Seconds after which the sender may try again. */
  readonly retryAfter?: number
}

export function taken(mergeRequest: MergeRequestKey): HttpAnswer {
  return { answer: 'taken', status: 202, body: { status: 'taken', mergeRequest } }
}

export function takenAll(mergeRequests: readonly MergeRequestKey[]): HttpAnswer {
  return { answer: 'taken', status: 202, body: { status: 'taken', mergeRequests } }
}

export function ignoredBecause(reason: string): HttpAnswer {
  return { answer: 'ignored', status: 200, body: { status: 'ignored', reason } }
}

export function nobodyAt(sha: string): HttpAnswer {
  return ignoredBecause(`no open merge request is known at commit ${sha.slice(0, 7)}`)
}

export function refused(answer: WebhookAnswer, status: number, error: string): HttpAnswer {
  return { answer, status, body: { error } }
}

export const unknownForge = refused(
  'unknown-forge',
  404,
  'No forge of this name is configured: the last part of the path is the `name` of a forge in mayfly.yaml.',
)

export const wrongType = refused(
  'wrong-type',
  415,
  'Send application/json in UTF-8, not compressed: choose the content type application/json in the webhook on the forge.',
)

export const empty = refused('malformed', 400, 'The body is empty.')

export const cutOff = refused('malformed', 400, 'The body ended too early.')

export function tooLarge(maxBody: number): HttpAnswer {
  return refused(
    'too-large',
    413,
    `The body is larger than ${maxBody} bytes: raise server.maxBody if your forge needs more.`,
  )
}

export const notTaken: HttpAnswer = {
  ...refused(
    'not-taken',
    503,
    'The queue did not take this event: deliver it again later. The sweep finds it too.',
  ),
  retryAfter: 10,
}
