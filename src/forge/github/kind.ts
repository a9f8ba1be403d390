import { type ForgeKind, ownerAndName } from '../kind.ts'
import { githubWebhook } from './webhook.ts'

export const githubKind: ForgeKind = {
  apiOf: (url) => (url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`),
  apiNote: '`https://api.github.com` for github.com, `<url>/api/v3` for another GitHub',
  repositories: ownerAndName,
  apps: true,
  webhook: githubWebhook,
  jobTokens: {
    issuerDomain: ({ hostname }) => (hostname === 'github.com' ? 'actions.githubusercontent.com' : hostname),
    repository: 'repository',
    id: 'repository_id',
  },
}
