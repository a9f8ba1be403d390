import { createHmac } from 'node:crypto'

export type Dialect = 'github' | 'gitlab' | 'gitlab-signed' | 'gitea' | 'forgejo'

/** The headers with which a forge proves that it sent `body`. `at` counts for signed GitLab only. */
export function proofHeaders(
  dialect: Dialect,
  secret: string,
  body: string | Uint8Array,
  at: Date,
): Record<string, string> {
  switch (dialect) {
    case 'github':
      return { 'x-hub-signature-256': `sha256=${hexHmac(secret, body)}` }
    case 'gitea':
      return { 'x-gitea-signature': hexHmac(secret, body) }
    case 'forgejo':
      return { 'x-forgejo-signature': hexHmac(secret, body), 'x-gitea-signature': hexHmac(secret, body) }
    case 'gitlab':
      return { 'x-gitlab-token': secret }
    case 'gitlab-signed':
      return standardWebhookHeaders(secret, body, at)
  }
}

export function hexHmac(secret: string, body: string | Uint8Array, algorithm = 'sha256'): string {
  return createHmac(algorithm, secret).update(body).digest('hex')
}

export function standardWebhookHeaders(
  secret: string,
  body: string | Uint8Array,
  at: Date,
): Record<string, string> {
  const id = '7bafea1a-a1bf-4948-9a37-3f912777dedc'
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret)
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
