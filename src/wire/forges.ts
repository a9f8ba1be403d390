import type { Clock } from '../pace/clock.ts'
import type { Config, ForgeConfig } from '../config/config.ts'
import { type ForgeClient, forgeClients } from '../forge/clients.ts'
import { createGithubApp, type GithubApp } from '../forge/github/app.ts'
import type { ForgeCallReport } from '../forge/http/call.ts'
import type { ForgeOptions } from '../forge/rest/forge-options.ts'
import type { Log } from '../log.ts'
import { createFetch, type Fetch } from '../network/create-fetch.ts'
import type { NetworkEnvironment } from '../network/proxy-for.ts'
import type { WebhookEndpoint } from '../webhook/router.ts'

const TIMEOUT_MS = 20_000
const MAX_BYTES = 16 * 1024 * 1024

export interface ForgeParts {
  readonly clock: Clock
  readonly log: Log
  readonly environment: NetworkEnvironment
  readonly onCall: (forge: string, report: ForgeCallReport) => void
}

/** The API side of every configured forge, and the App by which it is asked where it is a GitHub's; both by name. */
export interface Forges {
  readonly forges: ReadonlyMap<string, ForgeClient>
  readonly apps: ReadonlyMap<string, GithubApp>
}

export function createForges(config: Config, { environment, ...rest }: ForgeParts): Forges {
  const parts = { ...rest, fetch: createFetch(environment) }
  const apps = createGithubApps(config, parts)
  const forges = new Map(config.forges.map((forge) => [forge.name, createForge(forge, apps, parts)]))
  return { forges, apps }
}

type CallParts = Omit<ForgeParts, 'environment'> & { readonly fetch: Fetch }

function createGithubApps({ forges }: Config, parts: CallParts): Forges['apps'] {
  return new Map(
    forges.flatMap((forge) => {
      if (forge.app === null) return []
      const app = { id: forge.app.id, privateKey: forge.app.privateKey.reveal() }
      return [[forge.name, createGithubApp({ ...optionsOf(forge, parts), app })]]
    }),
  )
}

/** The webhook side of every configured forge. */
export function webhookEndpoints(forges: Config['forges']): readonly WebhookEndpoint[] {
  return forges.map(({ name, kind, webhookSecrets }) => ({
    forge: name,
    kind,
    secrets: webhookSecrets,
  }))
}

function createForge(forge: ForgeConfig, apps: Forges['apps'], parts: CallParts): ForgeClient {
  return forgeClients[forge.kind]({
    ...optionsOf(forge, parts),
    token: () => Promise.resolve(forge.token?.reveal() ?? ''),
    app: apps.get(forge.name) ?? null,
  })
}

function optionsOf({ name, url, api }: ForgeConfig, { fetch, clock, log, onCall }: CallParts): ForgeOptions {
  return {
    name,
    url,
    api,
    userAgent: 'mayfly',
    fetch,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    clock,
    log,
    onCall: (report) => {
      onCall(name, report)
    },
  }
}
