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
    api: forge.api === undefined ? apiOf(forge.kind, url) : trimmedUrl(forge.api),
    token: forge.token === undefined ? null : secret(forge.token),
    app: forge.app === undefined ? null : normaliseApp(forge.app),
    webhookSecrets: secrets.map(secret),
  }
}

function apiOf(kind: ForgeDocument['kind'], url: string): string {
  switch (kind) {
    case 'github':
      return url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`
    case 'gitlab':
      return `${url}/api/v4`
    case 'gitea':
    case 'forgejo':
      return `${url}/api/v1`
  }
}

/** A key that came through an environment variable often has its line breaks written out. */
function normaliseApp({ id, privateKey }: NonNullable<ForgeDocument['app']>): ForgeConfig['app'] {
  const key = privateKey.includes('\n') ? privateKey : privateKey.replaceAll('\\n', '\n')
  return { id: String(id), privateKey: secret(key) }
}
