import type { Secret } from '../config/secret.ts'
import type { SignedRequest, WebhookDialect } from '../forge/webhook-dialect.ts'

export interface NotGenuine {
  readonly kind: 'refused'
  readonly status: 401
  readonly error: string
}

/**
 * Judges one webhook: the signature over the raw bytes first, and `read` sees nothing before it holds. Several secrets
 * count while one is being rotated.
 */
export function receive<Reading>(
  dialect: Pick<WebhookDialect, 'objection'>,
  request: SignedRequest,
  secrets: readonly Secret[],
  now: Date,
  read: (genuine: SignedRequest) => Reading,
): Reading | NotGenuine {
  const objection = dialect.objection(request, secrets, now)
  return objection === null ? read(request) : { kind: 'refused', status: 401, error: objection }
}
