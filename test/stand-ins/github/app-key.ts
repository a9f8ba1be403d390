import { generateKeyPairSync } from 'node:crypto'
import type { StandInApp } from './app-desk.ts'

export interface RegisteredApp {
  readonly app: StandInApp
  /** PEM, as GitHub hands it out once. */
  readonly privateKey: string
}

/** An App that may do what Mayfly needs, installed where `owners` are. */
export function registerApp(owners: readonly string[] = ['acme']): RegisteredApp {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const app = {
    id: 42,
    clientId: 'Iv23liAcmePreviews',
    slug: 'acme-previews',
    publicKey,
    owners,
    permissions: { metadata: 'read', pull_requests: 'write', statuses: 'write' },
  } as const
  return { app, privateKey }
}
