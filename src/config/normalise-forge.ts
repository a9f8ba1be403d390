import { forgeKinds } from '../forge/kinds.ts'
import type { ForgeConfig } from './config.ts'
import type { ConfigDocument } from './schema.ts'
import { secret } from './secret.ts'
import { trimmedUrl } from './url.ts'

type ForgeDocument = ConfigDocument['forges'][number]

export function normaliseForge(forge: ForgeDocument): ForgeConfig {
  const url = trimmedUrl(forge.url)
  const secrets = typeof forge.webhookSecret === 'string' ? [forge.webhookSecret] : forge.webhookSecret
  return {
    name: forge.name,
    kind: forge.kind,
    url,
    api: forge.api === undefined ? forgeKinds[forge.kind].apiOf(url) : trimmedUrl(forge.api),
    token: forge.token === undefined ? null : secret(forge.token),
    app: forge.app === undefined ? null : normaliseApp(forge.app),
    webhookSecrets: secrets.map(secret),
  }
}

/** A key that came through an environment variable often has its line breaks written out. */
function normaliseApp({ id, privateKey }: NonNullable<ForgeDocument['app']>): ForgeConfig['app'] {
  const key = privateKey.includes('\n') ? privateKey : privateKey.replaceAll('\\n', '\n')
  return { id: String(id), privateKey: secret(key) }
}
