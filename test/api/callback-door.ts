import { onTestFinished } from 'vitest'
import { createSourceRepositories, type SourceRepositories } from '../../src/reconcile/source-repositories.ts'
import { secret } from '../../src/config/secret.ts'
import { type Clock, systemClock } from '../../src/pace/clock.ts'
import type { Application } from '../../src/preview/application.ts'
import { createCallback } from '../../src/wire/callback.ts'
import { anApplication as applicationOfGitea } from '../preview/fixtures.ts'
import { openDoor } from '../server/open-door.ts'
import { type CapturedLog, createCapturedLog } from '../support/captured-log.ts'
import { ask, type HttpAnswer } from '../support/http-post.ts'
import { type OidcIssuer, startOidcIssuer } from '../support/oidc-issuer.ts'

export const tokens = ['canary-token-of-ci-one', 'canary-token-of-ci-two'] as const

export function anApplication(change: Partial<Application> = {}): Application {
  return applicationOfGitea({ forge: 'github', ...change })
}

export interface CallbackDoor {
  readonly url: string
  readonly issuer: OidcIssuer
  readonly sources: SourceRepositories
  readonly log: CapturedLog
  /** Keys that were queued. */
  readonly queued: string[]
  /** Asks for a pass of `github:acme/shop#142` unless said otherwise. */
  post(authorization: string | readonly string[] | null, key?: string): Promise<HttpAnswer>
  /** The same with a token of the issuer, as the header wants it. */
  postJob(claims?: Readonly<Record<string, unknown>>, key?: string): Promise<HttpAnswer>
}

export interface DoorOptions {
  readonly applications?: readonly Application[]
  readonly clock?: Clock
  readonly enqueue?: (key: string) => Promise<void>
  readonly failuresPerMinute?: number
}

/** The HTTP side with two tokens and one issuer, which stands for the forges `github` and (audience `mayfly-lab`) `lab`. */
export async function openCallback(options: DoorOptions = {}): Promise<CallbackDoor> {
  const { clock = systemClock, applications = [anApplication({})], failuresPerMinute = 1_000_000 } = options
  const issuer = await startOidcIssuer(() => clock.now())
  onTestFinished(() => issuer.close())
  const sources = createSourceRepositories(applications)
  const log = createCapturedLog()
  const queued: string[] = []
  const forge = { url: '', api: '', token: null, app: null, webhookSecrets: [] }
  const oidc = [
    { issuer: issuer.url, audience: 'mayfly', forge: 'github' },
    { issuer: issuer.url, audience: 'mayfly-lab', forge: 'lab' },
  ]
  const server = {
    ...{ host: '', port: 0, publicUrl: null, maxBody: 1, metricsPort: null },
    auth: { tokens: tokens.map(secret), oidc },
  }
  const forges = [
    { ...forge, name: 'github', kind: 'github' as const },
    { ...forge, name: 'lab', kind: 'gitlab' as const },
  ]
  const enqueue = options.enqueue ?? ((key: string) => Promise.resolve(void queued.push(key)))
  const parts = { clock, log, environment: {}, repositories: sources, enqueue, failuresPerMinute }
  const door = await openDoor({}, { callback: createCallback({ server, forges }, parts) })
  const post: CallbackDoor['post'] = (authorization, key = 'github:acme/shop#142') =>
    ask(`${door.url}/api/merge-requests/${encodeURIComponent(key)}/reconcile`, {
      method: 'POST',
      headers: authorization === null ? {} : { authorization },
    })
  return {
    url: door.url,
    issuer,
    sources,
    log,
    queued,
    post,
    postJob: async (claims, key) => post(`Bearer ${await issuer.token(claims)}`, key),
  }
}

/** Status and error in one, as a test wants to see them. */
export function told({ status, text }: HttpAnswer): string {
  const { error = '' } = JSON.parse(text) as { error?: string }
  return `${status} ${error}`.trim()
}
