import { type ForgeKind, repositoryPathFault } from '../kind.ts'
import { gitlabWebhook } from './webhook.ts'

export const gitlabKind: ForgeKind = {
  apiOf: (url) => `${url}/api/v4`,
  apiNote: '`<url>/api/v4` for GitLab',
  repositories: {
    hint: 'write `group/name`, `group/subgroup/name` or the number of the project',
    fault: (repository) => (/^[1-9][0-9]*$/.test(repository) ? null : repositoryPathFault(repository)),
  },
  apps: false,
  webhook: gitlabWebhook,
  jobTokens: { issuerDomain: ({ hostname }) => hostname, repository: 'project_path', id: 'project_id' },
}
