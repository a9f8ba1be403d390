import { type ForgeKind, ownerAndName } from '../kind.ts'
import { giteaWebhook } from './webhook.ts'

export const giteaKind: ForgeKind = {
  apiOf: (url) => `${url}/api/v1`,
  apiNote: '`<url>/api/v1` for Gitea and Forgejo',
  repositories: ownerAndName,
  apps: false,
  webhook: giteaWebhook,
  jobTokens: null,
}
